import { Button } from '@radix-ui/themes'
import { type ReactNode, useState } from 'react'
import { copyText } from '../app/copy-text.ts'
import { useLasting } from '../app/desk-context.tsx'

interface Props {
  /** Made when it is asked for. */
  text: () => string
  children: ReactNode
  label?: string
  plain?: boolean
}

/** How long "Copied" stands there. */
const saidMs = 2_000

/** Copies a text and says whether that worked. */
export function CopyButton({ text, children, label, plain = false }: Props) {
  const [said, setSaid] = useState<'copied' | 'not copied' | null>(null)
  // Only the newest press counts: the words go away after a while.
  const old = useLasting(said !== null, saidMs)
  const words = old ? null : said
  const copy = async () => {
    setSaid(null)
    setSaid((await copyText(window, text())) ? 'copied' : 'not copied')
  }
  const face = words === null ? children : words === 'copied' ? 'Copied' : 'Not allowed here'
  return (
    <>
      {plain ? (
        <button type="button" className="link number" aria-label={label} title={label} onClick={() => void copy()}>
          {face}
        </button>
      ) : (
        <Button size="1" variant="soft" color="gray" aria-label={label} onClick={() => void copy()}>
          {face}
        </Button>
      )}
      <output className="sr-only">{words === null ? '' : `${label ?? 'Text'}: ${words}`}</output>
    </>
  )
}
