import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { GateInput } from './gate-input.ts'
import { type PairedCases, pairCases } from './pair-cases.ts'

/** What is compared, and what only ran. */
export interface Sides {
  readonly split: CaseStats['split']
  readonly candidate: readonly CaseStats[]
  readonly idle: readonly CaseStats[]
  /** `undefined`: nothing to compare with. */
  readonly paired: PairedCases | undefined
  readonly warnings: readonly string[]
}

/** Tells the cases that count from the others, and puts the arms side by side. */
export function sidesOf(input: GateInput): Sides {
  const { deciding: counted, idle, split } = byStanding(inOrder(input.candidate.cases))
  const deciding = counted.filter((one) => !isNotReached(one, input.sampling))
  const sides = { split, candidate: deciding, idle, warnings: [], paired: undefined }
  if (input.baseline === undefined) return sides
  const baseline = inOrder(input.baseline.arm.cases).filter(
    (one) => one.status === undefined && one.split === split,
  )
  // A committed baseline holds the cases of the gate: for another split it may hold nothing.
  if (split !== undefined && baseline.length === 0) {
    return { ...sides, warnings: [`the baseline has no case of the ${split} split`] }
  }
  const paired = pairCases(baseline, deciding, {
    notSelected: notAsked(input),
    idle: new Set(idle.map((one) => one.id)),
  })
  if (!holdsOnlyNewCases(paired)) return { ...sides, paired }
  return { ...sides, warnings: ['none of the cases asked for is in the baseline: a first run'] }
}

/** Sums of floats depend on their order; a verdict does not depend on the order of its input. */
function inOrder(cases: readonly CaseStats[]): readonly CaseStats[] {
  return [...cases].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Time was up before its first trial: it is neither new nor compared. */
function isNotReached(one: CaseStats, sampling: GateInput['sampling']): boolean {
  const trials = one.scored + one.invalid + one.incomplete
  return trials === 0 && sampling?.notReached.has(one.id) === true
}

/** Cases that this run has no trial of without having lost one. */
export function notAsked({ notSelected, sampling }: GateInput): ReadonlySet<string> {
  return new Set([...(notSelected ?? []), ...(sampling?.notReached ?? [])])
}

/**
 * Somebody runs a case that they have just written. Nothing of the baseline is missing then: whoever
 * renames all cases has removed them all.
 */
function holdsOnlyNewCases({
  added,
  changed,
  notAsked,
  pairs,
  removed,
  suspended,
}: PairedCases): boolean {
  const others = [pairs, changed, removed, suspended]
  return notAsked > 0 && added.length > 0 && others.every((list) => list.length === 0)
}
