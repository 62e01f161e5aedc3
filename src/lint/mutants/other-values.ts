import type { JsonValue } from '../../schema/json.ts'
import { isList } from '../json-walk.ts'
import type { Leaf } from '../leaves.ts'
import type { RecordIndex } from '../record-index.ts'

/**
 * Other values of the same type, the most tempting first, made as they are asked for. Whether the
 * tool takes one is for its schema to say.
 */
export function* otherValues({ schema, value }: Leaf, records: RecordIndex): Generator<JsonValue> {
  const listed = schema['enum']
  const candidates = listed !== undefined && isList(listed) ? listed : otherOfType(value, records)
  for (const candidate of candidates) if (candidate !== value) yield candidate
}

function otherOfType(
  value: string | number | boolean,
  records: RecordIndex,
): Iterable<string | number | boolean> {
  if (typeof value === 'boolean') return [!value]
  return typeof value === 'number' ? otherNumbers(value) : otherTexts(value, records)
}

/** A little less first: a limit or a balance rarely stands in its way. */
function otherNumbers(value: number): readonly number[] {
  const rounded = (candidate: number): number => Number(candidate.toPrecision(12))
  return [value - 1, value + 1, value / 2, value * 2, Math.floor(value / 2), 1, 0].map(rounded)
}

const otherWords = 'something else that nobody has asked for'
const sentences = [otherWords, `${otherWords}, and some more of it to fill the space`]
const short = ['other', 'another one']

function* otherTexts(value: string, records: RecordIndex): Generator<string> {
  const isProse = /\s/.test(value)
  if (isProse) yield* [...sentences, ...short]
  yield* records.sameKind(value)
  yield* nearby(value)
  if (!isProse) yield* [...knownForms(value), ...short, ...sentences]
}

function knownForms(value: string): readonly string[] {
  if (value.includes('@')) return [`other.${value}`, 'somebody.else@example.com']
  if (value.includes('://')) return ['https://example.com/elsewhere']
  return []
}

/** Longer texts are no codes, in which one character makes a difference. */
const longestCode = 64

/** One character changed, from the end: a digit to the next one, a letter to the next one. */
function* nearby(value: string): Generator<string> {
  if (value.length > longestCode) return
  for (let index = value.length - 1; index >= 0; index--) {
    const next = nextOf(value.charAt(index))
    if (next !== undefined) yield value.slice(0, index) + next + value.slice(index + 1)
  }
}

const rows = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

function nextOf(character: string): string | undefined {
  const row = rows.find((characters) => characters.includes(character))
  return row?.[(row.indexOf(character) + 1) % row.length]
}
