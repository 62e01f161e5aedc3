import type { Criterion } from '../../schema/judge.ts'

/** A criterion as trials are graded by it. */
export interface JudgedCriterion extends Criterion {
  /** Of all that a judge is told besides the transcript; see `criterionHash`. */
  readonly hash: string
  /**
   * Whether the judge has shown on this criterion, against labels by people, that it tells good from
   * bad. What it may decide hangs on that.
   */
  readonly standing: 'calibrated' | 'uncalibrated'
  /** What it lacks, where it is uncalibrated. */
  readonly why?: string
}

/** Who answers the criteria of an eval set, how often, and what its answer is worth. */
export interface JudgeYardstick {
  /** The judge, as the eval set names it: `provider:model` or `stored:NAME`. */
  readonly model: string
  /** Votes on each criterion; odd. */
  readonly votes: number
  /** By id. */
  readonly criteria: ReadonlyMap<string, JudgedCriterion>
}
