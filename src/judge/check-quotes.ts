import type { JsonValue } from '../schema/json.ts'

/** Words that a judge says stand in a line of the transcript. */
export interface Quote {
  readonly line: number
  readonly text: string
}

/**
 * The first quote that does not stand where it says; `undefined` when all do.
 *
 * White space and the form of quotation marks make no difference: models do not copy those exactly. A
 * quote without any word stands nowhere.
 *
 * @param transcript - the text that the judge was shown
 */
export function findFalseQuote(transcript: string, quotes: readonly Quote[]): Quote | undefined {
  const lines = new Map(transcript.split('\n').map(readLine))
  return quotes.find(({ line, text }) => {
    const wanted = normal(text)
    const texts = lines.get(line) ?? []
    return wanted === '' || !texts.some((one) => one.includes(wanted))
  })
}

/** A line's number, and the ways in which it can be quoted: by any of its texts, or as it stands. */
function readLine(line: string): readonly [number, readonly string[]] {
  const value = parse(line)
  const { n } = typeof value === 'object' && !isList(value) ? (value ?? {}) : {}
  return [typeof n === 'number' ? n : 0, [line, ...textsIn(value)].map(normal)]
}

/** A transcript that is committed may have been edited by hand. */
function parse(line: string): JsonValue {
  try {
    return JSON.parse(line) as JsonValue
  } catch {
    return null
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => textsIn(one))
}

function normal(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
