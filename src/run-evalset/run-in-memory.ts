import { type CaseRows, collectTrials } from '../metrics/trial-rows.ts'
import type { Journal } from '../replay/journal.ts'
import type { PlannedCase } from '../schema/run-manifest.ts'
import type { TrialLine } from '../schema/trial.ts'
import type { PlannedRun } from './plan-run.ts'
import { prepareRun, type RunSubject } from './run-evalset.ts'
import type { EarlyStop, TrialPurse } from './run-rounds.ts'

/** What playing in memory needs of the surroundings. */
export interface MemoryPorts {
  readonly signal: AbortSignal
  /** Trials in flight at once. */
  readonly concurrency: number
  readonly onTrial: (line: TrialLine) => void
  /** Whether there is money for a trial; absent: there is no budget. */
  readonly purse?: TrialPurse
  /** Told why the run ended before its last trial, if it did. */
  readonly onStop?: (stop: EarlyStop) => void
}

/**
 * Plays a run of which only the trial lines are kept, and these in memory: for questions about the
 * gate itself, whose trials nobody wants to look at afterwards.
 *
 * An aborted run, and one whose money ran out, gives the trials that were finished.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function runInMemory(
  plan: PlannedRun,
  subject: RunSubject,
  ports: MemoryPorts,
): Promise<readonly CaseRows[]> {
  const { run } = await prepareRun(plan, subject)
  const collector = collectTrials()
  const journal: Journal = { event: () => undefined, trial: collector.add }
  const stop = await run({ ...ports, journal, isFinished: () => false })
  if (stop !== undefined) ports.onStop?.(stop)
  return collector.finish()
}

/**
 * The same plan with nothing in it that a verdict does not see: benign twins, drafts and quarantined
 * cases only cost money here.
 */
export function decidingOnly({ manifest, trials }: PlannedRun): PlannedRun {
  const cases = manifest.cases.filter(decides)
  const ids = new Set(cases.map(({ id }) => id))
  return {
    manifest: { ...manifest, cases },
    trials: trials.filter(({ key }) => ids.has(key.case)),
  }
}

function decides({ status, twinOf }: PlannedCase): boolean {
  return status === undefined && twinOf === undefined
}
