import type { TrialLine } from '../../schema/trial.ts'
import type { CaseBefore } from './case-standing.ts'

/** A trial that has begun. */
export interface StartedTrial {
  /** Unique among all that run at the same time. */
  readonly id: string
  /** What its case is called here. */
  readonly name: string
  readonly trial: number
}

/** What a run tells while it runs; all of it on stderr. */
export interface Progress {
  /** Absent: nobody wants to know what is running. */
  readonly started?: (trial: StartedTrial) => void
  readonly finished: (trial: StartedTrial, line: TrialLine) => void
  /** May be called again. */
  readonly end: () => void
}

/** A case with trials that still have to run. */
export interface OpenCase {
  readonly trials: number
  /** Absent where the baseline has no scored trial of this case as it stands now. */
  readonly before?: CaseBefore
  /** Its trials run without controls, beside those that decide. */
  readonly isBeside?: boolean
}

/** By what each is called here. */
export type OpenCases = ReadonlyMap<string, OpenCase>

/** What a run's progress is told from. */
export interface ProgressGround {
  readonly open: OpenCases
  readonly quiet: boolean
  /** US dollars paid for models so far. */
  readonly spentUsd: () => number
}
