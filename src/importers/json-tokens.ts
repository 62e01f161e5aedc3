/** A piece of JSON text between white space: a string, one of `[]{},:`, or a number or word. */
export interface JsonToken {
  readonly kind: 'string' | 'mark' | 'word'
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

const space = /\s/
const mark = /[[\]{},:]/
const wordEnd = /[\s[\]{},:"]/g

/**
 * The tokens of JSON text, in linear time, also where the text is no JSON: for finding places in
 * it that `JSON.parse` does not name. A string without an end goes to the end of the text.
 */
export function* jsonTokens(text: string): Generator<JsonToken> {
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (space.test(char)) {
      at += 1
      continue
    }
    const token = tokenAt(text, at, char)
    yield token
    at = token.end
  }
}

function tokenAt(text: string, start: number, char: string): JsonToken {
  if (char === '"') return { kind: 'string', start, end: stringEnd(text, start) }
  if (mark.test(char)) return { kind: 'mark', start, end: start + 1 }
  wordEnd.lastIndex = start
  return { kind: 'word', start, end: wordEnd.exec(text)?.index ?? text.length }
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === 0x22) return at + 1
    if (char === 0x5c) at += 1
  }
  return text.length
}
