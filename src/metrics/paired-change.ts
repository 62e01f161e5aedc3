import { type DiscordantPairs, type Interval, tangoInterval } from './tango-interval.ts'

/** A mean change over cases and how much of it chance explains, whatever the unit. */
export interface Effect {
  /** Cases the change is a mean of (n), ≥ 1. */
  readonly cases: number
  /** Mean over cases of candidate − baseline, in [−1, 1]; every case weighs the same. */
  readonly change: number
  /** Variance of `change` if nothing had changed (V). */
  readonly variance: number
  /** Effective number of pairs (K): of trials, or of whole clusters in case unit. */
  readonly pairs: number
}

/** How a share changed from baseline to candidate, with what planning needs. All shares, no percent. */
export interface PairedChange extends Effect, Interval {
  /** Effective share of discordant pairs (D), in [|change|, 1]. */
  readonly discordant: number
  /** Cases per effective pair (g), in (0, cases]. */
  readonly weight: number
  /** Variance of one trial around its case, averaged over cases: variance · cases / (2 · weight). */
  readonly sigma2: number
}

/**
 * Turns an effect into an interval: Tango's, on the paired counts that the effect amounts to.
 *
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 */
export function pairedChange(effect: Effect, alpha: number): PairedChange {
  const weight = effect.cases / effect.pairs
  return {
    ...effect,
    ...tangoInterval(discordantPairs(effect), alpha),
    discordant: discordantShare(effect),
    weight,
    sigma2: (effect.variance * effect.cases) / (2 * weight),
  }
}

/** The paired counts, not whole numbers, with the same change and the same noise. */
export function discordantPairs(effect: Effect): DiscordantPairs {
  const discordant = discordantShare(effect)
  return {
    losses: (effect.pairs * (discordant - effect.change)) / 2,
    wins: (effect.pairs * (discordant + effect.change)) / 2,
    pairs: effect.pairs,
  }
}

function discordantShare({ change, variance, pairs }: Effect): number {
  return Math.min(1, Math.max(variance * pairs, Math.abs(change)))
}
