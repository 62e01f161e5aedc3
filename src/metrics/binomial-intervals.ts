import { betaQuantile, normalQuantile } from './distributions.ts'
import type { Interval } from './tango-interval.ts'

/** Events among trials of one arm; 0 ≤ events ≤ trials. */
export interface EventCount {
  readonly events: number
  readonly trials: number
}

/**
 * Bounds of a rate that are never wrong more often than allowed, for limits that must be proven.
 *
 * `lower` alone and `upper` alone are the one-sided bounds at `alpha`; together they are the two-sided
 * interval with coverage 1 − 2·alpha.
 *
 * @param alpha - error allowed on each side, in (0, 0.5)
 * @returns shares in [0, 1], exactly 0 or 1 where all trials agree; `undefined` for no trials
 * @see Clopper, Pearson 1934, Biometrika 26:404–413
 */
export function clopperPearson(
  { events, trials }: EventCount,
  alpha: number,
): Interval | undefined {
  if (trials === 0) return undefined
  return {
    lower: events === 0 ? 0 : betaQuantile(alpha, events, trials - events + 1),
    upper: events === trials ? 1 : betaQuantile(1 - alpha, events + 1, trials - events),
  }
}

/**
 * A short interval of a rate, for display: right on average, not in the worst case.
 *
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns shares in [0, 1], exactly 0 or 1 where all trials agree; `undefined` for no trials
 * @see Wilson 1927, JASA 22:209–212
 */
export function wilson({ events, trials }: EventCount, alpha: number): Interval | undefined {
  if (trials === 0) return undefined
  const square = normalQuantile(1 - alpha) ** 2
  const share = events / trials
  const center = events + square / 2
  const reach = Math.sqrt(square * (trials * share * (1 - share) + square / 4))
  return {
    lower: events === 0 ? 0 : (center - reach) / (trials + square),
    upper: events === trials ? 1 : (center + reach) / (trials + square),
  }
}
