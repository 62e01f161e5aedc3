import { normalQuantile } from './distributions.ts'
import type { PairedChange } from './paired-change.ts'

/** What a future run shall be able to prove. */
export interface PlanningGoal {
  /** Drop that must be excluded, a share in (0, 1). */
  readonly margin: number
  /** Error allowed on each side, in (0, 0.5). */
  readonly alpha: number
  /** Chance of reaching it; 0.8 if not given. */
  readonly power?: number
}

const usualPower = 0.8

/**
 * The smallest drop that a run of this size and noise finds with the given power.
 *
 * Finite even when nothing differed: one discordant pair is assumed then.
 *
 * @param effect - effective pairs (K) and share of discordant ones (D)
 * @returns a share > 0; above 1 no drop at all would be found
 */
export function smallestDetectableDrop(
  { pairs, discordant }: Pick<PairedChange, 'pairs' | 'discordant'>,
  { alpha, power = usualPower }: Omit<PlanningGoal, 'margin'>,
): number {
  const standardError = Math.sqrt(Math.max(discordant, 1 / pairs) / pairs)
  return (normalQuantile(1 - alpha) + normalQuantile(power)) * standardError
}

/** The suite that trials are planned for. */
export interface PlannedSuite {
  /** Paired cases, ≥ 1. */
  readonly cases: number
  /** Variance of one trial around its case, as measured. */
  readonly sigma2: number
  /** Trials per case of a stored baseline (their harmonic mean when they differ), if there is one. */
  readonly baselineTrials?: number
}

export interface TrialsNeeded {
  /** Trials of each case in each arm when both are run anew. */
  readonly bothArms: number
  /**
   * Trials of each case in the candidate against the stored baseline; `undefined` without one, and
   * when no number would do because the baseline itself needs more trials.
   */
  readonly candidateOnly: number | undefined
}

/**
 * Trials per case that let an unchanged agent pass, in trial unit.
 *
 * @see statistics of the gate: m = 1/g, 1/m_candidate = 2g − 1/m_baseline, where g, the pairs' weight, keeps
 *   the standard error within margin / (z_{1−α} + z_power) and {@link pairsNeededForMargin} satisfied
 */
export function trialsNeeded(suite: PlannedSuite, goal: PlanningGoal): TrialsNeeded {
  const { cases, sigma2, baselineTrials } = suite
  const pairs = Math.max(2 * sigma2 * noiseFactor(goal), leastPairs(goal.margin, goal.alpha))
  const weight = cases / pairs
  return {
    bothArms: wholeUp(1 / weight),
    candidateOnly: candidateTrials(weight, baselineTrials),
  }
}

function candidateTrials(weight: number, baselineTrials = 0): number | undefined {
  const inverse = 2 * weight - 1 / baselineTrials
  // Less than this is the last bits of 0: a baseline that is just not enough, not 1e16 trials.
  return inverse > 1e-9 ? wholeUp(1 / inverse) : undefined
}

/**
 * Cases that let an unchanged agent pass, in case unit; more trials of the same cases would not help there.
 *
 * @param effect - effective share of discordant clusters (D) and cases per cluster (g, 1 without clusters)
 */
export function casesNeeded(
  { discordant, weight }: Pick<PairedChange, 'discordant' | 'weight'>,
  goal: PlanningGoal,
): number {
  const clusters = Math.max(discordant * noiseFactor(goal), leastPairs(goal.margin, goal.alpha))
  return wholeUp(clusters * weight)
}

/**
 * Pairs without which a margin cannot be met even if nothing differs: z²/(K + z²) must not exceed it.
 *
 * 52 pairs for 5 points, 133 for 2, 268 for 1, at alpha = 0.05.
 *
 * @param margin - a share in (0, 1)
 */
export function pairsNeededForMargin(margin: number, alpha: number): number {
  return wholeUp(leastPairs(margin, alpha))
}

/**
 * Trials without an event that prove a rate below a budget: (1 − budget)^n ≤ alpha.
 *
 * 59 for 5 %, 149 for 2 %, 299 for 1 %, 2995 for 0.1 %, at alpha = 0.05.
 *
 * @param budget - highest rate allowed, a share in (0, 1)
 * @see Clopper, Pearson 1934, Biometrika 26:404–413, with no event
 */
export function cleanTrialsNeeded(budget: number, alpha: number): number {
  return wholeUp(Math.log(alpha) / Math.log1p(-budget))
}

function leastPairs(margin: number, alpha: number): number {
  return (normalQuantile(1 - alpha) ** 2 * (1 - margin)) / margin
}

/** Pairs per unit of discordance that keep the standard error small enough for the margin. */
function noiseFactor({ margin, alpha, power = usualPower }: PlanningGoal): number {
  return ((normalQuantile(1 - alpha) + normalQuantile(power)) / margin) ** 2
}

/** Rounds up, but not because of the last bits: 3.0000000000000004 is 3. */
function wholeUp(value: number): number {
  return Math.max(1, Math.ceil(value - 1e-9))
}
