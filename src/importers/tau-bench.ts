import type { PlannedCase } from '../schema/run-manifest.ts'
import { hashOf, sha256 } from '../text/hash.ts'
import {
  candidateName,
  candidateOf,
  createCaseLedger,
  evalSetOf,
  unrecorded,
} from './case-ledger.ts'
import { fromOpenAi } from './foreign-chat.ts'
import { importedTrial } from './imported-trial.ts'
import type { ImportedTrial, Importer, ImportOptions, ImportSummary } from './importer.ts'
import { createNotes, type Notes } from './notes.ts'
import { inputError } from './place.ts'
import { expectedFile, readTauRuns, type TauRun } from './tau-bench-file.ts'
import { resultOf, terminationOf } from './tau-bench-result.ts'
import { silentScore } from './tau-bench-silent.ts'
import { countsTasks, selectTrials } from './tau-bench-trials.ts'

const countsTasksNote = 'the recorded trial number counts tasks, not repetitions'

/** The benchmark's domains; the system prompt's heading names one of them. */
const domains = ['airline', 'retail']

/**
 * τ-bench's result files: `[{ task_id, trial, reward, info, traj }]`.
 *
 * The task is the case's definition (user, instruction, reference actions, required outputs); the
 * system prompt is not, because a candidate may change it. What `info.user_cost` holds is left
 * out: tau_bench/envs/user.py keeps the last call's figure instead of the sum, in dollars or, in
 * forks, in tokens. The agent's own cost is not recorded.
 *
 * @see Yao et al. 2024, τ-bench, arXiv:2406.12045
 */
export const tauBench: Importer = {
  id: 'tau-bench',
  describes: 'τ-bench result file: one JSON array of runs',
  kind: 'document',
  start(options) {
    let summary: ImportSummary | undefined
    return {
      *add(text) {
        const runs = readTauRuns(text, options.file)
        const session = startSession(options)
        if (countsTasks(runs)) session.notes.add(countsTasksNote, runs.length)
        const selected = selectTrials(runs, options)
        for (const run of selected) yield session.read(run)
        summary = session.end(runs, runs.length - selected.length)
      },
      end() {
        if (summary === undefined) throw inputError({ file: options.file, line: 1 }, expectedFile)
        return summary
      },
    }
  },
}

interface TauSession {
  readonly notes: Notes
  read(run: TauRun): ImportedTrial
  end(runs: readonly TauRun[], notSelected: number): ImportSummary
}

function startSession({ file }: ImportOptions): TauSession {
  const ledger = createCaseLedger()
  const notes = createNotes()
  const agent = candidateName(file)
  const tasks = new Map<string, TauRun['info']['task']>()
  const read = (run: TauRun): ImportedTrial => {
    const id = `task-${String(run.task_id).padStart(3, '0')}`
    tasks.set(id, run.info.task ?? tasks.get(id))
    const definitionHash = run.info.task === undefined ? unrecorded : hashOf(run.info.task)
    const planned = { id, layer: 'outcome' as const, cluster: id, definitionHash }
    const recorded = {
      case: ledger.add(planned, run.place),
      agent,
      seed: run.trial,
      messages: run.traj.map((message) => fromOpenAi(message, isToolError)),
      result: resultOf(run, notes),
      termination: terminationOf(run),
    }
    return importedTrial(recorded, notes)
  }
  const end = (runs: readonly TauRun[], notSelected: number): ImportSummary => {
    const nullAgent = silentScore([...tasks.values()])
    return {
      ...manifestParts(runs, file, ledger.cases()),
      ...(nullAgent !== undefined && { lint: { nullAgent } }),
      leftOut: notSelected === 0 ? {} : { 'recorded trial not selected': notSelected },
      warnings: notes.lines(),
    }
  }
  return { notes, read, end }
}

/** The benchmark gives an agent its tools' exceptions as `Error: …`, and unknown names as below. */
function isToolError(text: string): boolean {
  return text.startsWith('Error') || text.startsWith('Unknown action ')
}

function manifestParts(
  runs: readonly TauRun[],
  file: string,
  cases: readonly PlannedCase[],
): Pick<ImportSummary, 'provenance' | 'cases'> {
  const prompts = new Set<string>()
  const named = new Set<string>()
  for (const { traj } of runs) {
    const prompt = traj.find((message) => message.role === 'system')?.content
    if (typeof prompt !== 'string') continue
    prompts.add(sha256(prompt))
    for (const domain of domains) if (isPolicyOf(domain, prompt)) named.add(domain)
  }
  if (named.size > 1) {
    throw inputError({ file, line: 1 }, `runs of several domains: ${[...named].sort().join(', ')}`)
  }
  const [domain] = named
  const id = domain === undefined ? 'tau-bench' : `tau-bench-${domain}`
  return {
    cases,
    provenance: {
      evalSet: evalSetOf(id, unrecorded, cases),
      candidate: candidateOf({ file, prompts, models: {} }),
      agentBehind: 'recorded',
      seed: 0,
      source: file,
    },
  }
}

function isPolicyOf(domain: string, prompt: string): boolean {
  return new RegExp(`^# *${domain} agent policy`, 'im').test(prompt)
}
