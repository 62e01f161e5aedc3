import type { JudgeCalibration } from '../schema/judge.ts'

/** What a judge said of a canary when it was calibrated, and what it says now. */
export interface CanaryAnswer {
  readonly frozen: 'yes' | 'no' | 'abstain'
  /** `undefined`: it did not answer. */
  readonly now: 'yes' | 'no' | 'abstain' | undefined
}

/** Whether a judge still is the one that was calibrated. */
export interface CanaryCheck {
  /** `unknown`: too few canaries were answered to say. `unchecked`: there are none. */
  readonly status: 'steady' | 'drifted' | 'unknown' | 'unchecked'
  readonly answered: number
  readonly disagreed: number
  /** Chance of so many disagreements or more from a judge that has not changed; in (0, 1]. */
  readonly p?: number
  /** Why the judge is to be stopped, in words. */
  readonly stopped?: string
}

/** A false alarm costs a run its judge; so rare an one can be lived with. */
const alarm = 0.01

/**
 * Services answer the same request not always alike, also at temperature 0, and a calibration that saw
 * no such vote has not shown that there are none. With it, one or two of 20 canaries never stop a
 * judge, and three always do.
 */
const leastDisagreement = 0.02

/**
 * Decides whether a judge has drifted: it disagrees with its own frozen majorities more often than its
 * single votes did when it was calibrated.
 *
 * Exact one-sided binomial test: with q the share of single votes that stood against their majority
 * then, it is stopped where P(X ≥ disagreed) < 0.01 for X ~ Binomial(answered, q). Abstaining is an
 * answer. A judge that leaves more than half of its canaries unanswered cannot be told from one that
 * has drifted, and is stopped too.
 */
export function checkCanaries(
  answers: readonly CanaryAnswer[],
  calibration: Pick<JudgeCalibration, 'criteria'>,
): CanaryCheck {
  const known = answers.filter(({ now }) => now !== undefined)
  const disagreed = known.filter(({ frozen, now }) => now !== frozen).length
  const counts = { answered: known.length, disagreed }
  if (answers.length === 0) return { status: 'unchecked', ...counts }
  if (known.length * 2 < answers.length) {
    const stopped = `it answered only ${known.length} of its ${answers.length} canaries, so nobody knows whether it still votes as it did when it was calibrated`
    return { status: 'unknown', ...counts, stopped }
  }
  const p = binomialTail(disagreed, known.length, expectedDisagreement(calibration))
  if (p >= alarm) return { status: 'steady', ...counts, p }
  const stopped = `it has drifted: it votes otherwise than when it was calibrated on ${disagreed} of ${known.length} canaries`
  return { status: 'drifted', ...counts, p, stopped }
}

function expectedDisagreement({ criteria }: Pick<JudgeCalibration, 'criteria'>): number {
  const measured = criteria.flatMap(({ singleVotes }) => singleVotes ?? [])
  const cast = measured.reduce((sum, one) => sum + one.cast, 0)
  const against = measured.reduce((sum, one) => sum + one.againstMajority, 0)
  return cast === 0 ? leastDisagreement : Math.max(leastDisagreement, against / cast)
}

/** P(X ≥ least) for X ~ Binomial(n, q), added up term by term: n is small. */
function binomialTail(least: number, n: number, q: number): number {
  if (least <= 0 || q >= 1) return 1
  let term = (1 - q) ** n
  let below = 0
  for (let k = 0; k < least; k += 1) {
    below += term
    term *= ((n - k) / (k + 1)) * (q / (1 - q))
  }
  // What is left of 1 after so many terms; rounding must not make it 0.
  return Math.min(1, Math.max(Number.MIN_VALUE, 1 - below))
}
