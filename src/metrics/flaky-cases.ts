import { type EventCount, wilson } from './binomial-intervals.ts'
import type { PairedCounts } from './paired-counts.ts'
import type { Interval } from './tango-interval.ts'

/** What one arm saw of a case: events of trials, and where the rate behind them may lie. */
interface ArmRate extends EventCount, Interval {}

/** A case that came out both ways in one arm, without any change in between. */
export interface FlakyCase<T extends PairedCounts> {
  readonly evalCase: T
  readonly baseline: ArmRate
  readonly candidate: ArmRate
}

/**
 * Lists cases in which trials of one arm had both outcomes, in the order given.
 *
 * A case that always fails in one arm and always passes in the other is not flaky: it changed.
 *
 * @param alpha - error allowed on each side of the intervals, in (0, 0.5)
 */
export function flakyCases<T extends PairedCounts>(
  cases: readonly T[],
  alpha = 0.025,
): readonly FlakyCase<T>[] {
  return cases.flatMap((evalCase) => {
    const { baselineEvents, baselineTrials, candidateEvents, candidateTrials } = evalCase
    const baseline = { events: baselineEvents, trials: baselineTrials }
    const candidate = { events: candidateEvents, trials: candidateTrials }
    if (!isMixed(baseline) && !isMixed(candidate)) return []
    return [{ evalCase, baseline: armRate(baseline, alpha), candidate: armRate(candidate, alpha) }]
  })
}

function isMixed({ events, trials }: EventCount): boolean {
  return events > 0 && events < trials
}

function armRate(count: EventCount, alpha: number): ArmRate {
  // An arm of a paired case has trials; without any, nothing is excluded.
  return { ...count, ...(wilson(count, alpha) ?? { lower: 0, upper: 1 }) }
}
