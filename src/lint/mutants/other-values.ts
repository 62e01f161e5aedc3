import type { JsonValue } from '../../schema/json.ts'
import { isList } from '../json-walk.ts'
import type { Leaf } from '../leaves.ts'
import type { RecordIndex } from '../record-index.ts'

/**
 * Other values of the same type, the most tempting first. Whether the tool takes one is for its
 * schema to say.
 */
export function otherValues({ schema, value }: Leaf, records: RecordIndex): readonly JsonValue[] {
  const listed = schema['enum']
  const candidates = listed !== undefined && isList(listed) ? listed : otherOfType(value, records)
  return [...new Set(candidates)].filter((candidate) => candidate !== value)
}

function otherOfType(value: string | number | boolean, records: RecordIndex): readonly JsonValue[] {
  if (typeof value === 'boolean') return [!value]
  return typeof value === 'number' ? otherNumbers(value) : otherTexts(value, records)
}

/** A little less first: a limit or a balance rarely stands in its way. */
function otherNumbers(value: number): readonly number[] {
  const rounded = (candidate: number): number => Number(candidate.toPrecision(12))
  return [value - 1, value + 1, value / 2, value * 2, Math.floor(value / 2), 1, 0].map(rounded)
}

const otherWords = 'something else that nobody has asked for'

function otherTexts(value: string, records: RecordIndex): readonly string[] {
  const sentence = [otherWords, `${otherWords}, and some more of it to fill the space`]
  const short = ['other', 'another one']
  const varied = [...records.sameKind(value), ...nearby(value)]
  return /\s/.test(value)
    ? [...sentence, ...short, ...varied]
    : [...varied, ...knownForms(value), ...short, ...sentence]
}

function knownForms(value: string): readonly string[] {
  if (value.includes('@')) return [`other.${value}`, 'somebody.else@example.com']
  if (value.includes('://')) return ['https://example.com/elsewhere']
  return []
}

/** One character changed, from the end: a digit to the next one, a letter to the next one. */
function nearby(value: string): readonly string[] {
  if (value.length > 64) return []
  const changed: string[] = []
  for (let index = value.length - 1; index >= 0; index--) {
    const next = nextOf(value.charAt(index))
    if (next !== undefined) changed.push(value.slice(0, index) + next + value.slice(index + 1))
  }
  return changed
}

function nextOf(character: string): string | undefined {
  const digits = '0123456789'
  const row = [digits, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((letters) =>
    letters.includes(character),
  )
  return row?.[(row.indexOf(character) + 1) % row.length]
}
