import { setMaxListeners } from 'node:events'
import type { CaseRows } from '../../metrics/trial-rows.ts'
import type { PlannedRun } from '../../run-evalset/plan-run.ts'
import type { RunSubject } from '../../run-evalset/run-evalset.ts'
import { runInMemory } from '../../run-evalset/run-in-memory.ts'
import type { EarlyStop, TrialPurse } from '../../run-evalset/run-rounds.ts'
import type { Io } from '../io.ts'
import { countTrials } from './count-trials.ts'

/** One run to be played in memory. */
export interface PlayablePlan {
  readonly plan: PlannedRun
  readonly subject: RunSubject
}

export interface PlaySettings {
  readonly io: Io
  readonly concurrency: number
  readonly quiet: boolean
  /** Whether there is money for a trial; absent: there is no budget. */
  readonly purse?: TrialPurse
  /** Told why a run ended before its last trial. */
  readonly onStop?: (stop: EarlyStop) => void
}

/**
 * Plays runs one after the other, keeping nothing on disk.
 *
 * @returns the trials of each, or `undefined` after an interrupt: the exit code is set then
 */
export async function playPlans(
  plans: readonly PlayablePlan[],
  { concurrency, io, quiet, ...money }: PlaySettings,
): Promise<readonly (readonly CaseRows[])[] | undefined> {
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  const stopListening = io.onInterrupt((signal) => {
    abort.abort()
    io.setExitCode(signal === 'SIGINT' ? 130 : 143)
    io.stderr.write(`\n${signal}: nothing was decided, and no trial was kept\n`)
  })
  const counter = countTrials(
    io,
    plans.reduce((sum, { plan }) => sum + plan.trials.length, 0),
    quiet,
  )
  const played: (readonly CaseRows[])[] = []
  try {
    for (const { plan, subject } of plans) {
      const ports = { signal: abort.signal, concurrency, onTrial: counter.trial, ...money }
      played.push(await runInMemory(plan, subject, ports))
      if (abort.signal.aborted) return undefined
    }
  } finally {
    counter.end()
    stopListening()
  }
  return played
}
