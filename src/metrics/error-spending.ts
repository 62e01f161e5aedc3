/** A run that may end early: how often its gate looks, and which look this is. */
export interface Look {
  /** Error of the whole run, allowed on each side; in (0, 0.5). */
  readonly alpha: number
  /** Looks fixed before the first trial, ≥ 1. */
  readonly looks: number
  /** This look; the first is 1. */
  readonly look: number
}

const earlyShare = 0.2

/**
 * Error that one look may spend: a fifth for all early looks together, the rest for the last.
 *
 * Holds for p and for the interval alike, and for any metric, because the parts add up to alpha
 * (Bonferroni). Most of it is kept for the last look, so that looking early costs little power.
 *
 * @returns all of alpha when there is one look; 0 for a look that was not planned, because looks
 *   that are added after seeing data have nothing left to spend
 */
export function alphaOfLook({ alpha, looks, look }: Look): number {
  if (look > looks) return 0
  if (looks === 1) return alpha
  return look === looks ? (1 - earlyShare) * alpha : (earlyShare * alpha) / (looks - 1)
}
