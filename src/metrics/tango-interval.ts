import { bisect } from './bisect.ts'
import { normalCdf, normalQuantile } from './distributions.ts'

/** Pairs of trials, one of each arm; whole numbers in a plain paired design, any ≥ 0 in a stratified one. */
export interface DiscordantPairs {
  /** Baseline had the event, candidate not. */
  readonly losses: number
  /** Candidate had the event, baseline not. */
  readonly wins: number
  /** All pairs, concordant ones too; > 0, and losses + wins ≤ pairs. */
  readonly pairs: number
}

export interface Interval {
  readonly lower: number
  readonly upper: number
}

/**
 * How large the change between paired shares can be: Tango's score interval.
 *
 * Never degenerate (no discordant pair gives ±z²/(pairs + z²)) and always inside [−1, 1].
 *
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns bounds of candidate − baseline; they contain (wins − losses) / pairs
 * @see Tango 1998, Statistics in Medicine 17:891–908
 */
export function tangoInterval(counts: DiscordantPairs, alpha: number): Interval {
  const z = normalQuantile(1 - alpha)
  const estimate = (counts.wins - counts.losses) / counts.pairs
  return {
    lower: bisect((difference) => tangoScore(counts, difference) > z, -1, estimate),
    upper: bisect((difference) => tangoScore(counts, difference) > -z, estimate, 1),
  }
}

/**
 * Tests that the candidate is not worse by the margin or more.
 *
 * @param margin - the drop in the share that must be excluded, in (0, 1)
 * @returns the score `z`, large when a drop of `margin` is excluded, and its one-sided p in (0, 1]
 * @see Tango 1998, Statistics in Medicine 17:891–908, section 2
 */
export function tangoNonInferiority(
  counts: DiscordantPairs,
  margin: number,
): { readonly z: number; readonly p: number } {
  const z = tangoScore(counts, -margin)
  return { z, p: normalCdf(-z) }
}

/**
 * How many standard errors the observed change lies above a supposed one; falls as that one rises.
 *
 * The standard error is the one most likely if `difference` were true, which is what keeps the
 * interval honest when there are few discordant pairs.
 *
 * @param difference - supposed candidate − baseline, in [−1, 1]
 */
export function tangoScore(counts: DiscordantPairs, difference: number): number {
  const { losses, wins, pairs } = counts
  const excess = wins - losses - pairs * difference
  if (excess === 0) return 0
  const spread = difference * (1 - difference)
  const lossShare = likeliestLossShare(counts, difference)
  const variance = pairs * Math.max(0, 2 * lossShare + spread)
  return excess / Math.sqrt(variance)
}

/** The share of losses that makes the data likeliest when the true change is `difference`. */
function likeliestLossShare(counts: DiscordantPairs, difference: number): number {
  const { losses, wins, pairs } = counts
  const a = 2 * pairs
  const b = (a - wins + losses) * difference - losses - wins
  const c = -losses * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c))
  // The same root of the same equation; subtracting near-equal numbers would lose digits.
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a)
}
