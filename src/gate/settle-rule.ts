import type { JsonValue } from '../schema/json.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import { ruleChange } from './rule-words.ts'

/** The same rule at the base and here. */
export interface Both<T> {
  readonly base: T
  readonly here: T
}

/** What holds of one rule, and how it differs. */
export interface Settled<T> {
  readonly value: T
  readonly changes: readonly RuleChange[]
}

export function ofBase<T extends JsonValue | undefined>(
  what: string,
  { base, here }: Both<T>,
): Settled<T> {
  return { value: base, changes: ruleChange(what, { base, here }, 'base') }
}

/** @param isStricter - whether the first of two different values is the stricter one */
export function stricterOf<T extends JsonValue | undefined>(
  what: string,
  { base, here }: Both<T>,
  isStricter: (a: T, b: T) => boolean,
): Settled<T> {
  const holds = base !== here && isStricter(here, base) ? 'here' : 'base'
  return {
    value: holds === 'here' ? here : base,
    changes: ruleChange(what, { base, here }, holds),
  }
}

/** The tighter of two limits; one that only one side has is tighter than none. */
export function tighter(
  what: string,
  { base, here }: Both<number | undefined>,
  side: 'lowest' | 'highest',
): Settled<number | undefined> {
  return stricterOf(what, { base, here }, (a, b) => {
    if (a === undefined || b === undefined) return b === undefined
    return side === 'lowest' ? a < b : a > b
  })
}

/** All of both; what is only here counts already, what is only at the base counts still. */
export function union<T extends string>(what: string, both: Both<readonly T[]>): Settled<T[]> {
  return {
    value: [...new Set([...both.base, ...both.here])],
    changes: listChanges(what, both, 'here'),
  }
}

/** What is only here waits, what is only at the base counts still. */
export function listOfBase<T extends string>(what: string, both: Both<readonly T[]>): Settled<T[]> {
  return { value: [...both.base], changes: listChanges(what, both, 'base') }
}

/** More than these are counted in one line: a long list must not push other rules out of sight. */
const mostNamed = 3

/** @param holds - whose word on what is only here counts */
function listChanges(
  what: string,
  { base, here }: Both<readonly string[]>,
  holds: RuleChange['holds'],
): readonly RuleChange[] {
  const removed = base.filter((one) => !here.includes(one))
  const added = here.filter((one) => !base.includes(one))
  const lost =
    removed.length > mostNamed
      ? ruleChange(what, { base: removed, here: `${removed.length} removed` }, 'base')
      : removed.flatMap((one) => ruleChange(what, { base: one, here: undefined }, 'base'))
  const won =
    added.length > mostNamed
      ? ruleChange(what, { base: undefined, here: `${added.length} added` }, holds)
      : added.flatMap((one) => ruleChange(what, { base: undefined, here: one }, holds))
  return [...lost, ...won]
}
