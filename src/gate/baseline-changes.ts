import { asJson } from '../schema/json.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import type { Arm } from './arm.ts'
import { sameValue } from './rule-words.ts'

/** The baseline file of the tree under test: read, not there, or not to be read. */
export type BaselineHere = Arm | 'missing' | 'unreadable'

/**
 * What a change under test does to its own baseline file. It counts once it is merged: whoever
 * lowers the bar and jumps it in the same pull request is measured by the old one.
 *
 * @param file - as the report calls it
 * @param base - absent where the base has none
 */
export function baselineChanges(
  file: string,
  base: Arm | undefined,
  here: BaselineHere,
): readonly RuleChange[] {
  const changed = hereWords(base, here)
  if (changed === undefined) return []
  const before = base === undefined ? 'none' : caseCount(base)
  return [{ what: file, base: before, here: changed, holds: 'base' }]
}

function hereWords(base: Arm | undefined, here: BaselineHere): string | undefined {
  if (here === 'unreadable') return 'cannot be read'
  if (here === 'missing') return base === undefined ? undefined : 'deleted'
  if (base === undefined) return caseCount(here)
  const differing = differingRows(base, here)
  const isOtherAgent = base.provenance.candidate.hash !== here.provenance.candidate.hash
  const parts = [
    ...(differing === 0 ? [] : [`differs for ${plural(differing)}`]),
    ...(isOtherAgent ? ['of another agent'] : []),
  ]
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** Rows that are another, or on one side only. */
function differingRows(base: Arm, here: Arm): number {
  const [then, now] = [rowsOf(base), rowsOf(here)]
  const ids = new Set([...then.keys(), ...now.keys()])
  return [...ids].filter((id) => {
    const [before, after] = [then.get(id), now.get(id)]
    return !sameValue(before && asJson(before), after && asJson(after))
  }).length
}

function rowsOf({ cases }: Arm): ReadonlyMap<string, Arm['cases'][number]> {
  return new Map(cases.filter((one) => one.twinOf === undefined).map((one) => [one.id, one]))
}

function caseCount(baseline: Arm): string {
  return plural(rowsOf(baseline).size)
}

function plural(count: number): string {
  return `${count} ${count === 1 ? 'case' : 'cases'}`
}
