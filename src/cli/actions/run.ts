import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { decide } from '../../gate/decide.ts'
import { openJournal } from '../../replay/journal.ts'
import { type PlannedRun, planRun } from '../../run-evalset/plan-run.ts'
import { prepareRun, type ReadyRun } from '../../run-evalset/run-evalset.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { RunResult } from '../../schema/run-result.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import type { Verdict } from '../../schema/verdict.ts'
import { selectCases } from '../../suites/select-cases.ts'
import { createRedactor } from '../../text/redact.ts'
import { type FoundBaseline, findBaseline } from '../baseline-source.ts'
import { type CandidateChoice, openCandidate } from '../candidate-file.ts'
import { openFileSink } from '../file-sink.ts'
import type { Io } from '../io.ts'
import { loadModuleTools } from '../module-tools.ts'
import type { OutputOptions } from '../options.ts'
import { type ChosenReporter, chooseReporters, printResult } from '../print-result.ts'
import { showProgress } from '../progress.ts'
import {
  evalSetFolders,
  openEvalSet,
  openProject,
  type Project,
  type ProjectEvalSet,
} from '../project.ts'
import { readRun } from '../read-run.ts'
import { reportContext } from '../report-context.ts'
import { type FinishedBefore, newRun, resumeRun } from '../resume-run.ts'
import { runFiles, writeDocument } from '../run-folder.ts'
import { secretValues } from '../secret-values.ts'
import { version } from '../version.ts'

export interface RunOptions extends OutputOptions, CandidateChoice {
  readonly config?: string
  readonly case?: readonly string[]
  readonly grep?: string
  readonly layer?: readonly string[]
  readonly tag?: readonly string[]
  readonly trials?: number
  readonly seed?: number
  readonly baseline?: string
  readonly requireBaseline?: boolean
  readonly gate: boolean
  readonly strict?: boolean
  readonly jobs?: number
  readonly mode: 'enforce' | 'observe'
  readonly resume?: string | true
  readonly output?: string
}

/** Runs the eval sets asked for, one after the other, and exits by the worst verdict. */
export async function runAction(
  named: readonly string[],
  options: RunOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseReporters(options)
  const project = await openProject(options.config, io)
  const verdicts: (Verdict | undefined)[] = []
  // All of them are prepared before the first is run: a mistake in the second costs nothing.
  const prepared: PreparedRun[] = []
  for (const folder of evalSetFolders(project, named)) {
    prepared.push(await prepare(project, folder, { options, io }))
  }
  for (const run of prepared) {
    const interrupted = await execute(run, { options, io })
    if (interrupted !== undefined) {
      io.setExitCode(interrupted === 'SIGINT' ? 130 : 143)
      return
    }
    verdicts.push(await conclude(run, chosen, { options, io }))
  }
  io.setExitCode(worstExitCode(verdicts))
}

interface Shell {
  readonly options: RunOptions
  readonly io: Io
}

/** A run with everything checked that can be checked without spending. */
interface PreparedRun {
  readonly evalSet: ProjectEvalSet
  readonly plan: PlannedRun
  readonly ready: ReadyRun
  readonly baseline: FoundBaseline | undefined
  /** Absolute, and as the user would type it. */
  readonly folder: string
  readonly shown: string
  readonly before: FinishedBefore
  readonly concurrency: number
}

async function prepare(project: Project, folder: string, shell: Shell): Promise<PreparedRun> {
  const { io, options } = shell
  const evalSet = await openEvalSet(project, folder)
  const candidate = await openCandidate(project, evalSet, options)
  const baselineFile = path.relative(io.cwd, evalSet.baselineFile)
  const plan = planOf({ project, evalSet, candidate, baselineFile }, shell)
  const output = path.resolve(io.cwd, options.output ?? project.config.output)
  const opened = await resumeRun(plan.manifest, { output, resume: options.resume, io })
  const continued = { ...plan, manifest: opened.manifest }
  const modules = await loadModuleTools(evalSet)
  return {
    evalSet,
    plan: continued,
    ready: await prepareRun(continued, { evalSet: evalSet.loaded, candidate, modules }),
    baseline: await baselineFor(evalSet, baselineFile, shell),
    folder: opened.folder,
    shown: path.relative(io.cwd, opened.folder),
    before: opened.before,
    concurrency: options.jobs ?? project.config.concurrency,
  }
}

interface Planning {
  readonly project: Project
  readonly evalSet: ProjectEvalSet
  readonly candidate: Candidate
  readonly baselineFile: string
}

function planOf(
  { baselineFile, candidate, evalSet, project }: Planning,
  { io, options }: Shell,
): PlannedRun {
  const createdAt = io.today()
  return planRun({
    run: newRun(evalSet.id, createdAt),
    createdAt,
    toolVersion: version,
    evalSet: evalSet.loaded,
    cases: selectCases(evalSet.loaded.cases, {
      ids: options.case,
      grep: options.grep,
      layers: options.layer,
      tags: options.tag,
    }),
    candidate,
    trials: options.trials,
    projectTrials: project.config.trials,
    seed: options.seed ?? project.config.seed,
    mode: options.mode,
    baselineFile,
    options: recordedOptions(options),
  })
}

async function baselineFor(
  evalSet: ProjectEvalSet,
  defaultFile: string,
  { io, options }: Shell,
): Promise<FoundBaseline | undefined> {
  if (!options.gate) return undefined
  const found = await findBaseline({
    source: options.baseline,
    defaultFile,
    evalSetId: evalSet.id,
    cwd: io.cwd,
  })
  if (found === undefined && options.requireBaseline === true) {
    throw new AgentEvalError('there is no baseline', 'usage', {
      source: { file: options.baseline ?? defaultFile },
      hint: 'make one with: agent-eval baseline update',
    })
  }
  return found
}

/** Runs what is open. Tells which signal cut it off, if one did. */
async function execute(
  run: PreparedRun,
  { io, options }: Shell,
): Promise<NodeJS.Signals | undefined> {
  const { before, folder, plan, ready } = run
  await mkdir(folder, { recursive: true })
  await writeDocument(path.join(folder, runFiles.manifest), plan.manifest)
  const sink = openFileSink(folder)
  const redactor = createRedactor({ values: secretValues(io.env) })
  const abort = new AbortController()
  let signal: NodeJS.Signals | undefined
  const stopListening = io.onInterrupt((received) => {
    signal = received
    abort.abort()
    io.stderr.write(
      `\n${received}: finished trials are kept; go on with: agent-eval run --resume\n`,
    )
  })
  const progress = showProgress(io, openTrials(plan, before), options.quiet === true)
  try {
    await ready({
      journal: openJournal(plan.manifest.run, sink, redactor),
      signal: abort.signal,
      concurrency: run.concurrency,
      isFinished: (trial) => before.has(trial),
      onTrial: progress.trial,
    })
  } finally {
    progress.end()
    stopListening()
    sink.close()
  }
  return signal
}

function openTrials(plan: PlannedRun, before: FinishedBefore): ReadonlyMap<string, number> {
  const open = new Map<string, number>()
  for (const { key } of plan.trials) {
    if (before.has(formatTrialKey(key))) continue
    open.set(key.case, (open.get(key.case) ?? 0) + 1)
  }
  return open
}

/** Decides from the trial rows on disk, writes the result and prints it. */
async function conclude(
  run: PreparedRun,
  chosen: readonly ChosenReporter[],
  { io, options }: Shell,
): Promise<Verdict | undefined> {
  const { manifest, summary } = await readRun(run.folder)
  const partial = manifest.notSelected > 0
  const gate =
    options.strict === true ? { ...manifest.gate, preset: 'release' as const } : manifest.gate
  const verdict = options.gate
    ? decide({
        candidate: summary,
        ...(run.baseline !== undefined && { baseline: run.baseline }),
        gate,
        today: io.today().slice(0, 10),
        ...(partial && { selection: new Set(manifest.cases.map((one) => one.id)) }),
      })
    : undefined
  const result: RunResult = runResultOf(manifest, summary, verdict)
  await writeDocument(path.join(run.folder, runFiles.result), result)
  const context = { ...reportContext(result, run.shown), evalSetName: run.evalSet.shown }
  await printResult({ result, context }, chosen, { io, options })
  return verdict
}

/** A regression in one eval set is a regression; else missing evidence; else inconclusive. */
function worstExitCode(verdicts: readonly (Verdict | undefined)[]): number {
  const codes = verdicts.map((verdict) => verdict?.exitCode ?? 0)
  return [1, 4, 3].find((code) => codes.some((one) => one === code)) ?? 0
}

/** What a reader of the run needs to make it again. */
function recordedOptions(options: RunOptions): Record<string, string | number | string[]> {
  const { candidate, case: cases, grep, layer, model, set, tag } = options
  return {
    ...(candidate !== undefined && { candidate }),
    ...(cases !== undefined && { case: [...cases] }),
    ...(grep !== undefined && { grep }),
    ...(layer !== undefined && { layer: [...layer] }),
    ...(model !== undefined && { model: [...model] }),
    ...(set !== undefined && { set: [...set] }),
    ...(tag !== undefined && { tag: [...tag] }),
  }
}
