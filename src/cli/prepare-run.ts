import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import { type PlannedRun, planRun } from '../run-evalset/plan-run.ts'
import { prepareRun, type ReadyRun } from '../run-evalset/run-evalset.ts'
import type { Candidate } from '../schema/candidate.ts'
import { selectCases } from '../suites/select-cases.ts'
import { type FoundBaseline, findBaseline } from './baseline-source.ts'
import { type CandidateChoice, openCandidate } from './candidate-file.ts'
import type { Io } from './io.ts'
import { loadModuleTools } from './module-tools.ts'
import type { OutputOptions } from './options.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from './project.ts'
import { type FinishedBefore, newRun, resumeRun } from './resume-run.ts'
import { version } from './version.ts'

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
 * @throws AgentEvalError for whatever does not fit; nothing was written then
 */
export async function prepareCommand(
  project: Project,
  folder: string,
  shell: Shell,
): Promise<PreparedRun> {
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
