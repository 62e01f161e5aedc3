import { type CallView, isWriteProposal, wasHandedOver } from '../graders/trial-view.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { World } from '../schema/world.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { isList, isObject } from './json-walk.ts'
import type { Played } from './played.ts'

/**
 * How the work of two trials of a case differs.
 *
 * `none`: nobody could tell them apart, so neither is better. `words`: what was looked up, said, or
 * tried in vain. `writes`: what was done.
 */
export type Difference = 'none' | 'words' | 'writes'

interface Trials {
  readonly oracle: Played
  readonly other: Played
  readonly start: JsonValue
}

/**
 * Compares what was done in two trials.
 *
 * The same writes took effect or were handed to a person (as often, in any order), the same state
 * is left, the same was looked up, and the same was said: then there is no difference. Idempotency
 * keys do not count, nor what the world made up itself, such as the id of a new record or a time.
 * A call that failed changed nothing, so one more is no difference; but one less is.
 *
 * @param played.start - the state that both began with
 */
export function differenceIn(played: Trials & { readonly tools: Tools }): Difference {
  const { oracle, other, tools } = played
  const sameIn = (of: (one: Played) => readonly string[]): boolean =>
    sameMembers(of(oracle), of(other))
  if (!sameIn((one) => deeds(one, tools))) return 'writes'
  if (!leaveSameState(played)) return 'writes'
  const same =
    sameIn((one) => lookups(one, tools)) &&
    sameIn((one) => one.view.replies.map(({ turn, text }) => `${turn} ${text}`)) &&
    containsAll(failures(other, tools), failures(oracle, tools))
  return same ? 'none' : 'words'
}

type Tools = World['tools']

/** Writes that happened, and those that wait for a person or were turned down by one. */
function deeds({ view }: Played, tools: Tools): readonly string[] {
  return view.calls
    .filter((call) => call.tookEffect || (isWriteProposal(call) && wasHandedOver(call)))
    .map((call) => `${call.status} ${textOf(call, tools)}`)
}

function lookups({ view }: Played, tools: Tools): readonly string[] {
  return view.calls.filter((call) => call.effect === 'read').map((call) => textOf(call, tools))
}

function failures({ view }: Played, tools: Tools): readonly string[] {
  return view.calls
    .filter((call) => !call.tookEffect && call.effect !== 'read' && !wasHandedOver(call))
    .map((call) => textOf(call, tools))
}

function textOf({ args, tool }: CallView, tools: Tools): string {
  const key = tools[tool]?.idempotency
  if (key === undefined || args[key] === undefined) return `${tool} ${canonicalJson(args)}`
  return `${tool} ${canonicalJson({ ...args, [key]: '' })}`
}

function sameMembers(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && containsAll(some, others)
}

function containsAll(all: readonly string[], some: readonly string[]): boolean {
  const left = new Map<string, number>()
  for (const one of all) left.set(one, (left.get(one) ?? 0) + 1)
  return some.every((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count > 0
  })
}

/** Whether two trials left the same behind, however often they wrote it. */
export function leaveSameState(played: Trials): boolean {
  const { oracle, other, start } = played
  const given = new Set<string>()
  collectTexts([start, ...oracle.view.calls.map(({ args }) => args)], given)
  return sameState(oracle.view.state, other.view.state, given)
}

function collectTexts(value: JsonValue, into: Set<string>): void {
  if (typeof value === 'string') into.add(value)
  else if (isList(value)) for (const item of value) collectTexts(item, into)
  else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      into.add(key)
      collectTexts(member, into)
    }
  }
}

/** Most of two states is one and the same object, so only what is not is compared as text. */
function sameState(one: JsonValue, other: JsonValue, given: ReadonlySet<string>): boolean {
  if (one === other) return true
  if (!isObject(one) || !isObject(other) || !haveSameKeys(one, other)) {
    return comparable(one, given) === comparable(other, given)
  }
  return Object.keys(one).every((key) => sameState(one[key] ?? null, other[key] ?? null, given))
}

function haveSameKeys(one: JsonObject, other: JsonObject): boolean {
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key))
}

/** A state as text, in which what the world made up is blank and lists have no order. */
function comparable(value: JsonValue, given: ReadonlySet<string>): string {
  if (typeof value === 'string') return isMadeUp(value, given) ? '' : canonicalJson(value)
  if (isList(value)) return `[${sorted(value.map((item) => comparable(item, given)))}]`
  if (!isObject(value)) return canonicalJson(value)
  const members = Object.entries(value).map(
    ([key, member]) => `${isMadeUp(key, given) ? '' : key}:${comparable(member, given)}`,
  )
  return `{${sorted(members)}}`
}

/** A time, a number, an id: whatever holds a digit and nobody wrote down before. */
function isMadeUp(text: string, given: ReadonlySet<string>): boolean {
  return !given.has(text) && /\d/.test(text)
}

function sorted(texts: readonly string[]): string {
  return [...texts].sort().join()
}
