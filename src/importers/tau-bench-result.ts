import type { Termination } from '../schema/trace.ts'
import { truncate } from '../text/truncate.ts'
import type { RecordedOutcome } from './imported-trial.ts'
import type { Notes } from './notes.ts'
import type { RewardParts, TauRun } from './tau-bench-file.ts'

/** The benchmark's own tolerance for "reward 1". */
const tolerance = 1e-6

/**
 * How a run went, as recorded. An exception anywhere (agent, user simulator, network) is recorded
 * as reward 0 like a failure; nothing is known about the agent then.
 */
export function resultOf(run: TauRun, notes: Notes): RecordedOutcome {
  const { error, reward_info: rewardInfo, user_cost: userCost } = run.info
  if (typeof userCost === 'number') {
    notes.add("user_cost is left out: the user simulator's last call only, in dollars or in tokens")
  }
  if (hasError(error)) {
    notes.add('ended by an exception, recorded as reward 0: counted as invalid, not as failed')
    return {
      outcome: 'invalid',
      reason: `exception recorded by tau-bench: ${truncate(error, 300)}`,
    }
  }
  if (run.reward >= 1 - tolerance) return { outcome: 'pass' }
  if (run.reward > 0) notes.add('the reward is neither 0 nor 1: counted as failed')
  if (rewardInfo === null) notes.add('stopped at the step limit, never scored: counted as failed')
  return { outcome: 'fail', reason: `reward ${run.reward} recorded by tau-bench: ${whyOf(run)}` }
}

export function terminationOf({ info }: TauRun): Termination {
  if (hasError(info.error)) return 'harness_error'
  return info.reward_info === null ? 'max_turns' : 'done'
}

function hasError(error: string | null | undefined): error is string {
  return error !== null && error !== undefined
}

/** What the record says of why; a reward between 0 and 1 is none of the benchmark's. */
function whyOf({ reward, info }: TauRun): string {
  if (info.reward_info === null) return 'stopped at the step limit before it was scored'
  if (reward > 0) return 'neither 0 nor 1, counted as failed'
  return failedPart(info.reward_info?.info)
}

/** Where outputs are required, only their part is recorded; missing ones may hide a wrong state. */
function failedPart(parts: RewardParts): string {
  if (isZero(parts?.r_outputs)) return `a required output was not said${missing(parts?.outputs)}`
  if (isZero(parts?.r_actions)) return 'the end state differs from the reference'
  if (isOne(parts?.r_outputs)) {
    return 'every required output was said, so the end state differs from the reference'
  }
  return 'the part that failed is not recorded'
}

function missing(outputs: Readonly<Record<string, boolean>> | null | undefined): string {
  const names = Object.entries(outputs ?? {}).flatMap(([name, said]) => (said ? [] : [name]))
  return names.length === 0 ? '' : `: ${truncate(names.sort().join(', '), 200)}`
}

function isZero(value: number | boolean | null | undefined): boolean {
  return value === 0 || value === false
}

function isOne(value: number | boolean | null | undefined): boolean {
  return value === 1 || value === true
}
