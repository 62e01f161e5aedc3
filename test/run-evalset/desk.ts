import type { Journal } from '../../src/replay/journal.ts'
import { type PlannedRun, planRun, type RunRequest } from '../../src/run-evalset/plan-run.ts'
import { prepareRun } from '../../src/run-evalset/run-evalset.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { type TrialLine, trialLine } from '../../src/schema/trial.ts'
import { formatTrialKey } from '../../src/schema/trial-key.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { aCandidate } from '../builders/candidate.ts'
import { loadedFrom, memoryFolder, refundDesk, refundDeskWithout } from '../suites/memory-folder.ts'

/** The refund desk with these cases instead of its own, and with more lines in `evalset.yaml`. */
export function deskWith(cases: string, more = ''): Promise<LoadedEvalSet> {
  const evalset = `${refundDesk['evalset.yaml']}${more}`
  const rest = refundDeskWithout('cases/outcome/refund.yaml', 'cases/adversarial/note.yaml')
  return loadedFrom(
    memoryFolder({ ...rest, 'evalset.yaml': evalset, 'cases/outcome/cases.yaml': cases }),
  )
}

/** A request for a run of an eval set, once each case, played by its own oracle. */
export function deskRequest(evalSet: LoadedEvalSet, model = 'reference:'): RunRequest {
  return {
    run: 'r',
    createdAt: '',
    toolVersion: '0',
    evalSet,
    cases: evalSet.cases,
    candidate: aCandidate({ models: { default: model } }),
    trials: 1,
    seed: 1,
    mode: 'enforce',
    options: {},
  }
}

/** What such a run would be. */
export function planDesk(evalSet: LoadedEvalSet, model = 'reference:'): PlannedRun {
  return planRun(deskRequest(evalSet, model))
}

export interface DeskRun {
  readonly events: ReadonlyMap<string, readonly TraceEvent[]>
  readonly lines: readonly TrialLine[]
}

/** Runs an eval set to its end. */
export async function runDesk(evalSet: LoadedEvalSet, model = 'reference:'): Promise<DeskRun> {
  const events = new Map<string, TraceEvent[]>()
  const lines: TrialLine[] = []
  const journal: Journal = {
    event: (key, event) => {
      const trial = formatTrialKey(key)
      events.set(trial, [...(events.get(trial) ?? []), event])
    },
    trial: (line) => lines.push(trialLine.parse(line)),
  }
  const candidate = aCandidate({ models: { default: model } })
  const subject = { evalSet, candidate, modules: new Map() }
  const run = await prepareRun(planDesk(evalSet, model), subject)
  await run.run({
    journal,
    signal: new AbortController().signal,
    concurrency: 4,
    isFinished: () => false,
    onTrial: () => undefined,
  })
  return { events, lines: lines.sort((a, b) => (a.case < b.case ? -1 : 1)) }
}
