/**
 * What a yes/no metric saw in one case: how many trials had the event, in either arm.
 *
 * The event is whatever the metric counts (a passed trial, a violation, a reached attack goal).
 * Only paired cases become one of these: both arms have at least one scored trial.
 */
export interface PairedCounts {
  /** 0 ≤ baselineEvents ≤ baselineTrials */
  readonly baselineEvents: number
  /** ≥ 1 */
  readonly baselineTrials: number
  /** 0 ≤ candidateEvents ≤ candidateTrials */
  readonly candidateEvents: number
  /** ≥ 1 */
  readonly candidateTrials: number
  /** Cases with the same name hang together (templates of one task); without it a case stands alone. */
  readonly cluster?: string
}

/** Which direction of a metric is bad: fewer events (success) or more of them (violations). */
export type Worse = 'fewer' | 'more'

/** Candidate share − baseline share of one case, in [−1, 1]. */
export function caseDifference(counts: PairedCounts): number {
  return (
    counts.candidateEvents / counts.candidateTrials - counts.baselineEvents / counts.baselineTrials
  )
}
