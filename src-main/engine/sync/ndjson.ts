/**
 * Lines of a body, in one batch for each piece that arrives, without their ends; a last line without an end is one too.
 * Empty lines are left out.
 */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield lines.filter((line) => line !== '')
  }
  rest += decoder.decode()
  if (rest !== '') yield [rest]
}
