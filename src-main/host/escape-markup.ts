/** Linux's notification daemons read a toast's body as markup: a customer called "<b>" is not meant as that. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
