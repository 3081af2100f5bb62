/**
 * Puts text on the clipboard, during a click or key press. Where the page may not use the clipboard's own door (the
 * desktop shell gives a page no permission at all) an ordinary copy of the browser carries it.
 * @returns whether it is there now
 */
export async function copyText(page: Window, text: string): Promise<boolean> {
  try {
    await page.navigator.clipboard.writeText(text)
    return true
  } catch {
    const carry = (event: ClipboardEvent) => {
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    page.document.addEventListener('copy', carry, { capture: true })
    // Deprecated in the standard and kept by every browser: there is no other way without a permission.
    const done = page.document.execCommand('copy')
    page.document.removeEventListener('copy', carry, { capture: true })
    return done
  }
}
