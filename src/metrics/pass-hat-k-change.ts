import type { PairedChange } from './paired-change.ts'
import { type PassCount, passHatK } from './pass-hat-k.ts'
import { type ClusteredDifference, differenceInterval } from './stratified-tango.ts'

/** Scored trials of one case in both arms; at least one each. */
export interface PassPair {
  readonly baseline: PassCount
  readonly candidate: PassCount
  /** Cases with the same name hang together; without it a case stands alone. */
  readonly cluster?: string
}

/** How pass^k changed, in case unit. */
export interface PassHatKChange extends PairedChange {
  /** The k it is for: lower than asked for when some case has fewer trials in either arm. */
  readonly k: number
  /** Of each case, in the order given. */
  readonly differences: readonly ClusteredDifference[]
  /** Mean pass^k of each arm, in [0, 1]. */
  readonly baseline: number
  readonly candidate: number
}

/**
 * How much pass^k changed on these cases, with Tango's interval over whole cases or clusters.
 *
 * Both arms use one k, the largest up to `k` that every case has trials for in both: at another k
 * it is another number. A case's estimate is no count of trials, so the unit is the case whatever
 * the trials are.
 *
 * @param k - trials that must all pass; k ≥ 1
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no cases, or when a case has no trials in an arm
 */
export function passHatKChange(
  cases: readonly PassPair[],
  { k, alpha }: { readonly k: number; readonly alpha: number },
): PassHatKChange | undefined {
  const usable = cases.reduce(
    (least, { baseline, candidate }) => Math.min(least, baseline.total, candidate.total),
    k,
  )
  if (usable < 1) return undefined
  const shares = cases.map((one) => sharesOf(one, usable))
  const change = differenceInterval(shares, alpha)
  if (change === undefined) return undefined
  const meanOf = (arm: 'baseline' | 'candidate'): number =>
    shares.reduce((sum, one) => sum + one[arm], 0) / cases.length
  return {
    ...change,
    k: usable,
    differences: shares,
    baseline: meanOf('baseline'),
    candidate: meanOf('candidate'),
  }
}

interface CaseShares extends ClusteredDifference {
  readonly baseline: number
  readonly candidate: number
}

function sharesOf({ baseline, candidate, cluster }: PassPair, k: number): CaseShares {
  const before = passHatK(baseline, k) ?? 0
  const after = passHatK(candidate, k) ?? 0
  return {
    baseline: before,
    candidate: after,
    difference: after - before,
    ...(cluster !== undefined && { cluster }),
  }
}
