import type { JsonValue } from '../../schema/json.ts'
import type { RulesChange } from '../../schema/policy-diff.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { truncate } from '../../text/truncate.ts'
import { listed } from '../format.ts'
import type { Say } from '../say.ts'

/** What a reader takes in of one text, in code points, and how many entries of a list. */
const mostText = 100
const mostEntries = 5
/** So much before the first difference tells where in a text one is. */
const leadIn = 20

/**
 * One change of the rules in words. Of lists only the entries that came and went, of long texts the part
 * that differs: two texts that are cut before their difference look alike.
 *
 * @param say - makes foreign text safe where it is going to stand
 */
export function changeText({ now, was, what }: RulesChange, say: Say): string {
  if (was === undefined) return `${say(what)} is new: ${say(shortened(now ?? ''))}`
  if (now === undefined) return `${say(what)} is gone; it was ${say(shortened(was))}`
  const entries = listChange(was, now, say)
  if (entries !== undefined) return `${say(what)}: ${entries}`
  const [before, after] = differingParts(was, now)
  return `${say(what)} was ${say(before)} and is ${say(after)}`
}

/** `added pulls.merge; removed issues.close`; `undefined` where one of the two is no list. */
function listChange(was: string, now: string, say: Say): string | undefined {
  const before = entriesOf(was)
  const after = entriesOf(now)
  if (before === undefined || after === undefined) return undefined
  const told = [
    ...entryWords('added', without(after, before), say),
    ...entryWords('removed', without(before, after), say),
  ]
  return told.length === 0 ? 'the same entries, in another order or number' : told.join('; ')
}

function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others)
  return [...new Set(some)].filter((entry) => !known.has(entry))
}

function entryWords(verb: string, entries: readonly string[], say: Say): readonly string[] {
  if (entries.length === 0) return []
  return [
    `${verb} ${listed(
      entries.map((entry) => say(shortened(entry))),
      mostEntries,
    )}`,
  ]
}

function entriesOf(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const value = JSON.parse(text) as JsonValue
    if (!isList(value)) return undefined
    return value.map((entry) => (typeof entry === 'string' ? entry : canonicalJson(entry)))
  } catch {
    // A condition may begin with a bracket too.
    return undefined
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Both as they are where they are short, else from a little before the first difference on. */
function differingParts(was: string, now: string): readonly [string, string] {
  const before = Array.from(was)
  const after = Array.from(now)
  if (Math.max(before.length, after.length) <= mostText) return [was, now]
  const same = before.findIndex((character, index) => character !== after[index])
  const start = Math.max(0, (same === -1 ? before.length : same) - leadIn)
  const part = (characters: readonly string[]): string =>
    shortened(`${start === 0 ? '' : '…'}${characters.slice(start).join('')}`)
  return [part(before), part(after)]
}

function shortened(text: string): string {
  return truncate(text, mostText)
}
