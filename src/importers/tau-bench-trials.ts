import { AgentEvalError } from '../errors.ts'
import type { ImportOptions } from './importer.ts'
import type { TauRun } from './tau-bench-file.ts'

/**
 * Whether every task has one run under a number of its own. Such files exist: a script ran the
 * benchmark once per task, and `trial` became the task's number once more.
 */
export function countsTasks(runs: readonly TauRun[]): boolean {
  return trialNumbers(runs).size > 1 && new Set(runs.map((run) => run.task_id)).size === runs.length
}

/**
 * The runs of the recorded trials that the user asked for; all of them without a wish.
 *
 * @throws AgentEvalError `usage` for a number that the file does not have, or that counts tasks
 */
export function selectTrials(
  runs: readonly TauRun[],
  { file, trials }: ImportOptions,
): readonly TauRun[] {
  if (trials === undefined) return runs
  const recorded = trialNumbers(runs)
  const fail = (message: string, hint: string): Error =>
    new AgentEvalError(`--trials: ${message}`, 'usage', { source: { file }, hint })

  if (countsTasks(runs)) {
    throw fail('each task has one run, numbered like the task', 'leave --trials out')
  }
  const absent = trials.filter((trial) => !recorded.has(trial))
  if (absent.length > 0 || trials.length === 0) {
    const known = [...recorded].sort((a, b) => a - b).slice(0, 20)
    throw fail(
      absent.length === 0 ? 'no number given' : `no run was recorded as trial ${absent.join(', ')}`,
      `recorded: ${known.join(', ')}${recorded.size > known.length ? ', …' : ''}`,
    )
  }
  return runs.filter((run) => trials.includes(run.trial))
}

function trialNumbers(runs: readonly TauRun[]): ReadonlySet<number> {
  return new Set(runs.map((run) => run.trial))
}
