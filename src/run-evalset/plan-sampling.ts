import { AgentEvalError } from '../errors.ts'
import type { Sampling } from '../schema/run-manifest.ts'

/** What the command line says of the sample. */
export interface SamplingRequest {
  /** `-n`. */
  readonly trials: number | undefined
  /** `--max-trials`. */
  readonly maxTrials?: number | undefined
  /** Whether a verdict is asked for. */
  readonly isGated?: boolean
}

/**
 * How many rounds a run may take, and from which on the gate looks: fixed before the first trial,
 * because looks that are added after seeing data would find what they look for.
 *
 * @param ofGate - `gate.max_trials` of the eval set; whoever types more trials than that wants all of
 *   them
 * @returns `undefined` for a run that is looked at once, when all trials are done
 * @throws AgentEvalError (usage) when the first look would come after the last round
 */
export function planSampling(
  { isGated = true, maxTrials, trials }: SamplingRequest,
  ofGate: number | undefined,
): Sampling | undefined {
  const firstLook = trials ?? 1
  if (maxTrials !== undefined && firstLook > maxTrials) {
    throw new AgentEvalError(`-n ${firstLook} is more than --max-trials ${maxTrials}`, 'usage', {
      hint: '-n says after how many trials of each case the gate first looks, --max-trials when it stops at the latest',
    })
  }
  const most = maxTrials ?? ofGate
  if (!isGated || most === undefined || firstLook > most) return undefined
  return { maxTrials: most, firstLook }
}
