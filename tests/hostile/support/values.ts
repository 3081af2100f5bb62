/** JSON text nested so deep that whatever descends by calling itself falls over. */
export const deepArray = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`
export const deepObject = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

/** Values that are the wrong thing nearly everywhere, as JSON text. */
export const oddities: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '1.5',
  '9007199254740993',
  '""',
  '"x"',
  `"${'x'.repeat(100_000)}"`,
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '[]',
  '[null]',
  '{}',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"$ne":null}',
  '{"length":-1}',
  '{"toString":1,"valueOf":2,"then":3}',
  '"\' or 1=1 --"',
  '"../../../etc/passwd"',
  '"%00"',
  deepArray(10_000),
  deepObject(10_000),
]
