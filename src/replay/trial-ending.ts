import type { Termination } from '../schema/trace.ts'

/** How a trial ended, and why in words where that is not plain. */
export interface TrialEnding {
  readonly termination: Termination
  readonly message?: string
}

export const done: TrialEnding = { termination: 'done' }
export const aborted: TrialEnding = { termination: 'aborted' }
