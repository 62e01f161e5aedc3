import type { RateMetric } from '../schema/run-metrics.ts'
import { wilson } from './binomial-intervals.ts'
import { rounded } from './mean-metric.ts'

/** Two-sided 95 % intervals: half of 5 % on each side. */
const halfError = 0.025

/** Events among trials, of which some more were lost. */
interface Counted {
  readonly events: number
  readonly n: number
  readonly lost: number
}

/** A share with the interval of Wilson, and where it would lie with every lost trial at its worst. */
export function rateMetric({ events, lost, n }: Counted): RateMetric {
  const interval = wilson({ events, trials: n }, halfError)
  if (interval === undefined) return { n, events, lost }
  return {
    rate: rounded(events / n),
    n,
    events,
    lost,
    ciLower: rounded(interval.lower),
    ciUpper: rounded(interval.upper),
    worstLower: rounded(events / (n + lost)),
    worstUpper: rounded((events + lost) / (n + lost)),
  }
}
