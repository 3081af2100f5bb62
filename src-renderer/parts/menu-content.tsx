import { DropdownMenu } from '@radix-ui/themes'
import type { ComponentProps } from 'react'

/** Element that menus are put into: everything on the page stands inside a landmark, so that none is overlooked. */
export const overlayHost = 'main'

export function MenuContent(props: ComponentProps<typeof DropdownMenu.Content>) {
  return <DropdownMenu.Content size="1" variant="soft" container={document.getElementById(overlayHost)} {...props} />
}
