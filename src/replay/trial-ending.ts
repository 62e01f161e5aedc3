import type { EventOf, Termination } from '../schema/trace.ts'
import type { AgentSettings } from './trial-plan.ts'

/** What a candidate's fallback can stand in for. */
export type FallbackCause = EventOf<'fallback'>['why']

/** How a trial ended, and why in words where that is not plain. */
export interface TrialEnding {
  readonly termination: Termination
  readonly message?: string
  /** What the candidate's fallback may stand in for, where the termination does not tell. */
  readonly why?: FallbackCause
}

export const done: TrialEnding = { termination: 'done' }
export const aborted: TrialEnding = { termination: 'aborted' }

/**
 * How a denial ends the trial: not at all, unless its rule wants the candidate's fallback to act and the
 * candidate has one for denials.
 *
 * @param rule - the rule that wants it
 */
export function deniedEnding(
  { fallback }: Pick<AgentSettings, 'fallback'>,
  rule: string | undefined,
): TrialEnding | undefined {
  if (rule === undefined || fallback?.on.includes('denial') !== true) return undefined
  return { termination: 'fallback', why: 'denial', message: rule }
}
