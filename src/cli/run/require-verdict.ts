import { AgentEvalError } from '../../errors.ts'
import type { RunOptions } from './run-options.ts'

/**
 * Cases that were chosen because they failed say nothing about the whole set, those that have changed
 * are another yardstick than the baseline's, and an agent whose controls only observe is another one
 * than production has: such runs are for looking.
 */
export function looksOnly({ changedSince, lastFailed, mode }: RunOptions): boolean {
  return lastFailed === true || changedSince !== undefined || mode === 'observe'
}

/**
 * Refuses what somebody asks for who believes that the run decides, where it does not.
 *
 * @throws AgentEvalError (usage)
 */
export function requireVerdict(options: RunOptions): void {
  const { cassette, confirm, gate, shard } = options
  if (confirm === true && cassette !== 'off') {
    throw new AgentEvalError('--confirm measures anew, and a cassette answers as before', 'usage', {
      hint: 'leave out one of them',
    })
  }
  if (shard !== undefined) requireShardable(options)
  if (gate && shard === undefined) return
  const [first] = needVerdict(options)
  if (first === undefined) return
  if (shard !== undefined) {
    throw new AgentEvalError(`${first} needs a verdict, and a shard decides nothing`, 'usage', {
      hint: 'leave it out; what all shards measured is decided by: npx agent-eval compare FOLDER --expect-shards N',
    })
  }
  throw new AgentEvalError(`${first} needs a verdict, and this run decides nothing`, 'usage', {
    hint: 'leave it out, or --no-gate, --mode observe, --last-failed and --changed-since',
  })
}

function needVerdict({ confirm, maxTrials, skipUnchanged }: RunOptions): readonly string[] {
  return [
    ...(maxTrials === undefined ? [] : ['--max-trials']),
    ...(confirm === true ? ['--confirm'] : []),
    ...(skipUnchanged === true ? ['--skip-unchanged'] : []),
  ]
}

/** What all shards measured is decided in the end, so that it must be something that can be. */
function requireShardable(options: RunOptions): void {
  const [first] = [
    ...(options.lastFailed === true ? ['--last-failed'] : []),
    ...(options.changedSince === undefined ? [] : ['--changed-since']),
    ...(options.mode === 'observe' ? ['--mode observe'] : []),
  ]
  if (first !== undefined) {
    throw new AgentEvalError(
      `${first} is for looking, and shards are put together to decide`,
      'usage',
      {
        hint: 'leave out one of them',
      },
    )
  }
  if (options.history === undefined) return
  throw new AgentEvalError('a history is of whole runs, and a shard is a part of one', 'usage', {
    hint: 'leave out --history',
  })
}
