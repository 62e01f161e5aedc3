import type { PageDistribution } from '../../schema/page-data.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { roundTo } from '../../text/round.ts'
import type { PageArm } from './page-material.ts'

/** Amounts of one arm that a picture is drawn from. */
const mostAmounts = 2_000

/** Decimals that a picture can show. */
const digits = 6

/**
 * What trials with a result cost and how long they took, in both arms. Of a baseline of which only its
 * cases are known there are times and no costs.
 */
export function distributionsOf(
  candidate: PageArm | undefined,
  baseline: PageArm | undefined,
): readonly PageDistribution[] {
  return kinds.flatMap(({ id, label, ofTrial }): readonly PageDistribution[] => {
    const now = amountsOf(candidate, id, ofTrial)
    if (now.length === 0) return []
    const before = amountsOf(baseline, id, ofTrial)
    return [{ id, label, candidate: [...now], ...(before.length > 0 && { baseline: [...before] }) }]
  })
}

const kinds = [
  { id: 'costUsd', label: 'cost of a trial', ofTrial: ({ costUsd }: TrialLine) => costUsd },
  { id: 'latencyMs', label: 'time of a trial', ofTrial: ({ elapsedMs }: TrialLine) => elapsedMs },
] as const

function amountsOf(
  arm: PageArm | undefined,
  id: PageDistribution['id'],
  ofTrial: (line: TrialLine) => number | undefined,
): readonly number[] {
  if (arm === undefined) return []
  const { cases = [], trials } = arm
  const known =
    trials === undefined
      ? cases.flatMap(({ latenciesMs }) => (id === 'latencyMs' ? latenciesMs : []))
      : deciding(trials).flatMap((line) => ofTrial(line) ?? [])
  return evenly(known.map((value) => roundTo(value, digits)).sort((a, b) => a - b))
}

/** With a result, and of a run with both halves those with controls. */
function deciding(trials: readonly TrialLine[]): readonly TrialLine[] {
  const isBoth = new Set(trials.map(({ mode }) => mode)).size > 1
  return trials.filter(
    ({ mode, outcome }) =>
      (outcome === 'pass' || outcome === 'fail') && !(isBoth && mode === 'observe'),
  )
}

/** Of too many the least, the most, and those evenly between. */
function evenly(sorted: readonly number[]): readonly number[] {
  if (sorted.length <= mostAmounts) return sorted
  const step = (sorted.length - 1) / (mostAmounts - 1)
  return Array.from({ length: mostAmounts }, (_, index) => sorted[Math.round(index * step)] ?? 0)
}
