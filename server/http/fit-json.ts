/** Nothing that this server reads is nested half as deep. */
const deepest = 32

/** A key that could reach an object's prototype where somebody copies it carelessly. */
const reserved = new Set(['__proto__', 'constructor', 'prototype'])

interface Visit {
  value: unknown
  depth: number
}

/**
 * What in a parsed JSON value no schema should have to think of. NUL and lone surrogates are no text: SQLite and UTF-8
 * would store something else than the log tells.
 * @returns what is wrong, in words, or null
 */
export function findUnfit(root: unknown): string | null {
  // A stack of our own: a hostile body would overflow the other one.
  const left: Visit[] = [{ value: root, depth: 0 }]
  for (let visit = left.pop(); visit; visit = left.pop()) {
    const { value, depth } = visit
    if (typeof value === 'string') {
      if (!isText(value)) return unfitText
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= deepest) return `The body is nested more deeply than ${deepest} levels: nothing here needs that.`
      for (const [key, inner] of Object.entries(value)) {
        if (reserved.has(key)) return `The body has a key ${key}, which nothing here is called.`
        if (!Array.isArray(value) && !isText(key)) return unfitText
        left.push({ value: inner, depth: depth + 1 })
      }
    }
  }
  return null
}

const unfitText = 'The body has a text with a NUL character or half a character in it (a lone surrogate): remove it.'

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
