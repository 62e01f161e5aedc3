import type { TrialLine } from '../../schema/trial.ts'

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

/** How many trials each case still has to run, by what it is called here. */
export type OpenTrials = ReadonlyMap<string, number>

/** What a run's progress is told from. */
export interface ProgressGround {
  readonly open: OpenTrials
  readonly quiet: boolean
  /** US dollars paid for models so far. */
  readonly spentUsd: () => number
}
