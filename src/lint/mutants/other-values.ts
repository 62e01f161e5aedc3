import type { JsonValue } from '../../schema/json.ts'
import { isList } from '../json-walk.ts'
import type { Leaf } from '../leaves.ts'
import type { RecordIndex } from '../record-index.ts'

/**
 * Values that are wrong in one way, the most tempting first. What catches one of them mostly
 * catches all, so one that works is enough.
 */
export type Temptation = Iterable<JsonValue>

/** Entries of an enum are few and mean different things, so each is tried. */
const mostListed = 4

/**
 * Other values of the same type: for a number less and far more, for an enum each other entry, for a
 * text another of its kind and one that holds it. Made as they are asked for. Whether the tool takes
 * one is for its schema to say.
 */
export function temptations({ schema, value }: Leaf, records: RecordIndex): readonly Temptation[] {
  const listed = schema['enum']
  if (listed !== undefined && isList(listed)) {
    const others = listed.filter((other) => other !== value)
    return others.slice(0, mostListed).map((other) => [other])
  }
  if (typeof value === 'boolean') return [[!value]]
  if (typeof value === 'number') return otherNumbers(value)
  return [without(value, otherTexts(value, records)), holding(value)]
}

function* without(value: string, texts: Iterable<string>): Generator<string> {
  for (const text of texts) if (text !== value) yield text
}

/** A little less, and far more: a lower bound alone catches the one and not the other. */
function otherNumbers(value: number): readonly Temptation[] {
  const rounded = (candidate: number): number => Number(candidate.toPrecision(12))
  const less = [value - 1, value / 2, Math.floor(value / 2), 1, 0].map(rounded)
  const more = [value * 10, value * 2, value + 1].map(rounded)
  return [less.filter((other) => other < value), more.filter((other) => other > value)]
}

/** Codes and addresses in which an unanchored pattern finds the right one. */
function holding(value: string): readonly string[] {
  if (/\s/.test(value) || value.length > longestCode) return []
  if (value.includes('@')) return [`other.${value}`]
  if (value.includes('://')) return [`${value}-other`]
  return /\d/.test(value) ? [`${value}0`, `${value}-2`] : []
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
export function* nearby(value: string): Generator<string> {
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
