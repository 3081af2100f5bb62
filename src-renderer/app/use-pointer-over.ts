import { type RefObject, useEffect } from 'react'

/**
 * Tells when the mouse is over an element. Native events, because React's own miss an element that appears under a
 * resting pointer.
 */
export function usePointerOver(element: RefObject<HTMLElement | null>, tell: (over: boolean) => void) {
  useEffect(() => {
    const target = element.current
    if (target === null) return undefined
    const enter = (event: PointerEvent) => event.pointerType === 'mouse' && tell(true)
    const leave = () => tell(false)
    target.addEventListener('pointerenter', enter)
    target.addEventListener('pointerleave', leave)
    return () => {
      target.removeEventListener('pointerenter', enter)
      target.removeEventListener('pointerleave', leave)
      tell(false)
    }
  }, [element, tell])
}
