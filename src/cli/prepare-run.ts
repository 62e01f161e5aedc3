import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import { type PlannedRun, planRun } from '../run-evalset/plan-run.ts'
import { prepareRun, type ReadyRun } from '../run-evalset/run-evalset.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { EvalCase } from '../schema/case.ts'
import { asJson, type JsonObject } from '../schema/json.ts'
import { selectCases } from '../suites/select-cases.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { type FoundBaseline, findBaseline } from './baseline-source.ts'
import { type CandidateChoice, openCandidate } from './candidate-file.ts'
import { type CaseChoice, chooseCases } from './choose-cases.ts'
import type { Io } from './io.ts'
import { lintOf } from './lint-cache.ts'
import { loadModuleTools } from './module-tools.ts'
import type { OutputOptions } from './options.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from './project.ts'
import { requireLinted } from './require-linted.ts'
import { type FinishedBefore, newRun, resumeRun } from './resume-run.ts'
import { version } from './version.ts'
import { isInCi, writeText } from './write-text.ts'

export interface RunOptions extends OutputOptions, CandidateChoice, CaseChoice {
  readonly allowUnlinted?: boolean
  readonly config?: string
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

/** What a run is asked for, and where. */
export interface Shell {
  readonly options: RunOptions
  readonly io: Io
}

/** A run with everything checked that can be checked without spending. */
export interface PreparedRun {
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

/**
 * Everything of a run that can go wrong without spending: files, selection, baseline, modules.
 *
 * @returns `undefined` where nothing of the set has changed since the commit that was named
 * @throws AgentEvalError for whatever does not fit; nothing was written then
 */
export async function prepareCommand(
  project: Project,
  folder: string,
  shell: Shell,
): Promise<PreparedRun | undefined> {
  const { io, options } = shell
  const evalSet = await openEvalSet(project, folder)
  const candidate = await openCandidate(project, evalSet, options)
  const baselineFile = path.relative(io.cwd, evalSet.baselineFile)
  const output = path.resolve(io.cwd, options.output ?? project.config.output)
  const selection = await chooseCases(options, { project, evalSet, output })
  if (options.changedSince !== undefined && selection.only?.ids.size === 0) {
    writeText(io, `${terminalLine(`${evalSet.shown}: ${selection.only.why}`)}\n`)
    return undefined
  }
  const cases = selectCases(evalSet.loaded.cases, selection)
  const plan = planOf({ project, evalSet, candidate, baselineFile, cases }, shell)
  const opened = await resumeRun(plan.manifest, { output, resume: options.resume, io })
  const continued = { ...plan, manifest: opened.manifest }
  const modules = await loadModuleTools(evalSet)
  const ready = await prepareRun(continued, { evalSet: evalSet.loaded, candidate, modules })
  const baseline = await baselineFor(evalSet, baselineFile, shell)
  // Last: it plays every case, and what is wrong above needs no playing.
  const figures = requireLinted(evalSet, cases, {
    isAllowed: options.allowUnlinted === true,
    lint: await lintOf(evalSet, project, isInCi(io)),
  })
  return {
    evalSet,
    plan: {
      ...continued,
      manifest: { ...opened.manifest, lint: figures },
    },
    ready,
    baseline,
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
  readonly cases: readonly EvalCase[]
}

function planOf(
  { baselineFile, candidate, cases, evalSet, project }: Planning,
  { io, options }: Shell,
): PlannedRun {
  const createdAt = io.today()
  return planRun({
    run: newRun(evalSet.id, createdAt),
    createdAt,
    toolVersion: version,
    evalSet: evalSet.loaded,
    cases,
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

/** What a reader of the run needs to make it again. */
const recorded = [
  'allowUnlinted',
  'candidate',
  'case',
  'changedSince',
  'grep',
  'lastFailed',
  'layer',
  'model',
  'set',
  'split',
  'tag',
  'tier',
] as const satisfies readonly (keyof RunOptions)[]

function recordedOptions(options: RunOptions): JsonObject {
  return asJson(Object.fromEntries(recorded.map((name) => [name, options[name]])))
}
