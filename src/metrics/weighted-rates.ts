import type { CaseStats } from '../schema/case-stats.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import type { WeightedRate } from '../schema/run-metrics.ts'

/** How often each value of a stratum occurs in production, and which cases have which. */
export interface Weighting {
  readonly weights: NonNullable<RunManifest['weights']>
  /** Strata by the id of the case. */
  readonly strata: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/**
 * Success rates as production would see them, one for each weighted stratum: the mean of its values'
 * rates by their weights (post-stratification). What an eval set has many cases of is rarely what
 * users ask most.
 *
 * @param stats - the cases that TSR is over
 * @returns no entry for a stratum with a weighted value that has no scored trial: leaving that value
 *   out would answer another question
 */
export function weightedRates(
  stats: readonly CaseStats[],
  { strata, weights }: Weighting,
): Readonly<Record<string, WeightedRate>> {
  const rates = inOrder(weights).flatMap(([key, byValue]) => {
    const rate = weightedRate(stats, inOrder(byValue), (one) => {
      const values = strata.get(one.id) ?? {}
      return Object.hasOwn(values, key) ? values[key] : undefined
    })
    return rate === undefined ? [] : [[key, rate] as const]
  })
  return Object.fromEntries(rates)
}

/** Sums of floats depend on their order, and a file may list its weights in any. */
function inOrder<T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}

function weightedRate(
  stats: readonly CaseStats[],
  weights: readonly (readonly [string, number])[],
  valueOf: (one: CaseStats) => string | undefined,
): WeightedRate | undefined {
  let sum = 0
  let weightOfAll = 0
  let n = 0
  for (const [value, weight] of weights) {
    const own = stats.filter((one) => valueOf(one) === value)
    const scored = total(own, (one) => one.scored)
    if (scored === 0) return undefined
    sum += (weight * total(own, (one) => one.passed)) / scored
    weightOfAll += weight
    n += scored
  }
  if (weightOfAll === 0) return undefined
  const rate = Math.min(1, Number((sum / weightOfAll).toPrecision(12)))
  return { rate, n, leftOut: total(stats, (one) => one.scored) - n }
}

function total(stats: readonly CaseStats[], count: (one: CaseStats) => number): number {
  return stats.reduce((sum, one) => sum + count(one), 0)
}
