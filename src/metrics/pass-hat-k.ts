/** Scored trials of one case and how many of them passed; 0 ≤ passed ≤ total. */
export interface PassCount {
  readonly passed: number
  readonly total: number
}

/**
 * pass^k: the probability that `k` fresh trials of one case all pass.
 *
 * Unbiased estimator C(passed, k) / C(total, k): draws k of the trials we have, without replacement.
 *
 * @param k - trials that must all pass; k ≥ 1
 * @returns a probability in [0, 1], or `undefined` when total < k: too few trials to say
 * @see Yao et al. 2024, τ-bench, arXiv:2406.12045, section 3
 */
export function passHatK({ passed, total }: PassCount, k: number): number | undefined {
  if (total < k) return undefined
  let chance = 1
  for (let drawn = 0; drawn < k && drawn <= passed; drawn++) {
    chance *= (passed - drawn) / (total - drawn)
  }
  return chance
}

export interface MeanPassHatK {
  /** Mean over cases, in [0, 1]. */
  readonly value: number
  /** The k it is for: lower than asked for when some case has fewer trials. */
  readonly k: number
}

/**
 * pass^k of a suite, for the largest k up to `k` that every case has trials for.
 *
 * @param cases - cases without a scored trial are left out by the caller, who says how many
 * @param k - trials that must all pass; k ≥ 1
 * @returns `undefined` for no cases, or when a case has no trials
 */
export function meanPassHatK(cases: readonly PassCount[], k: number): MeanPassHatK | undefined {
  if (cases.length === 0) return undefined
  const usable = Math.min(k, ...cases.map(({ total }) => total))
  if (usable < 1) return undefined
  const sum = cases.reduce((total, one) => total + (passHatK(one, usable) ?? 0), 0)
  return { value: sum / cases.length, k: usable }
}
