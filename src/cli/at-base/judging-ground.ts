import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { Arm } from '../../gate/arm.ts'
import { baselineAdvice } from '../../gate/baseline-advice.ts'
import { type BaselineHere, baselineChanges } from '../../gate/baseline-changes.ts'
import type { GateInput } from '../../gate/gate-input.ts'
import type { GateConfig } from '../../schema/gate-config.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'
import { type BaseCommit, findBaseCommit, namesCommit } from '../git/merge-base.ts'
import type { Io } from '../io.ts'
import { isThere } from '../outside/node-folder.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { version } from '../version.ts'
import { ageInDays } from './age-in-days.ts'
import { type FoundBaseline, findBaseline, readArm } from './baseline-source.ts'
import type { EvalSetAtBase } from './evalset-at-base.ts'
import { findAnchor } from './find-anchor.ts'
import { rulesInForce } from './rules-in-force.ts'

/** What the command line says of what a candidate is judged by. */
export interface GroundOptions {
  readonly config?: string
  readonly baseline?: string
  readonly requireBaseline?: boolean
  /** As the preset `release` asks. */
  readonly strict?: boolean
  readonly trials?: number
  readonly maxTrials?: number
  readonly seed?: number
  readonly candidate?: string
  /** US dollars. */
  readonly budget?: number
}

/** By which rules an eval set is judged, and at which commit its baseline is. */
export interface JudgingGround {
  /** With the rules that hold. */
  readonly evalSet: ProjectEvalSet
  /** With the seed that holds. */
  readonly project: Project
  /** Absent where the working tree's own rules and baseline count. */
  readonly base: BaseCommit | undefined
  readonly atBase: EvalSetAtBase | undefined
  readonly changes: readonly RuleChange[]
  /** Eval sets that the base runs and this tree does not. */
  readonly goneSets?: readonly string[]
  readonly advice: readonly string[]
}

/** What a candidate is compared with, and what a reader should know of that. */
export interface Compared extends Pick<GateInput, 'anchor' | 'rules' | 'goneSets' | 'advice'> {
  readonly baseline: FoundBaseline | undefined
}

interface Ask<T> {
  readonly io: Io
  readonly options: T
}

/**
 * The rules that an eval set is judged by: its own, or, where the change has a base, of each rule the
 * stricter one of base and tree.
 *
 * @throws AgentEvalError where the base is not here or cannot be read
 */
export async function judgingGround(
  evalSet: ProjectEvalSet,
  project: Project,
  { io, options }: Ask<GroundOptions>,
): Promise<JudgingGround> {
  const base = await findBaseCommit({ cwd: io.cwd, env: io.env, source: options.baseline })
  const own = { evalSet, project, base, atBase: undefined, changes: [], advice: [] }
  if (base === undefined) return own
  const given = {
    trials: (options.trials ?? options.maxTrials) !== undefined,
    seed: options.seed !== undefined,
    candidate: options.candidate !== undefined,
    budget: options.budget !== undefined,
  }
  const request = { evalSet, project, base, configFile: options.config, given }
  return { ...own, ...(await rulesInForce(request)) }
}

/** The same for a run that decides nothing: nobody's rules matter. */
export function ungated(evalSet: ProjectEvalSet, project: Project): JudgingGround {
  return { evalSet, project, base: undefined, atBase: undefined, changes: [], advice: [] }
}

/** The run that is to be compared. */
export interface Measured {
  /** Its cases, with how often each is tried. */
  readonly cases: readonly {
    readonly id: string
    readonly trials: number
    readonly twinOf?: string | undefined
  }[]
  readonly gate: GateConfig
}

/**
 * Finds what a candidate is compared with, on the ground that was found for it.
 *
 * @throws AgentEvalError for a baseline that exists and cannot be read, or is of another eval set; for
 *   none where one is required
 */
export async function comparedWith(
  ground: JudgingGround,
  run: Measured,
  ask: Ask<GroundOptions>,
): Promise<Compared> {
  const { io, options } = ask
  const baseline = await baselineOn(ground, ask)
  const anchor = await findAnchor({ ...ground, configFile: options.config })
  const rules = await rulesOn(ground, baseline, options)
  const advice = baseline === undefined ? [] : await adviceOn(baseline, run, io)
  return {
    baseline,
    ...(anchor !== undefined && { anchor }),
    ...(rules !== undefined && { rules }),
    ...(ground.goneSets !== undefined && { goneSets: ground.goneSets }),
    advice: [...ground.advice, ...firstRunAdvice(ground, baseline, options), ...advice],
  }
}

async function baselineOn(
  ground: JudgingGround,
  { io, options }: Ask<GroundOptions>,
): Promise<FoundBaseline | undefined> {
  const { atBase, base, evalSet } = ground
  const defaultFile = path.relative(io.cwd, evalSet.baselineFile)
  const file = atBase?.baselineFile ?? defaultFile
  const found = await findBaseline({
    source: options.baseline,
    defaultFile,
    base: base && { commit: base.commit, file },
    evalSetId: evalSet.id,
    cwd: io.cwd,
  })
  if (found !== undefined || !(await mustCompare(ground, options))) return found
  throw missing(options.baseline ?? (base === undefined ? file : `${base.name}: ${file}`))
}

/**
 * Under the preset `release` a first run would let pass what was compared with nothing, unless somebody asks
 * for that. A change that brings the first baseline is compared with none, and releases nothing.
 */
async function mustCompare(
  { base, evalSet }: JudgingGround,
  { baseline, requireBaseline, strict }: GroundOptions,
): Promise<boolean> {
  if (requireBaseline === true) return true
  const isRelease = strict === true || evalSet.loaded.file.gate.preset === 'release'
  if (!isRelease || baseline === 'none') return false
  return base === undefined || !(await isThere(evalSet.baselineFile))
}

async function rulesOn(
  ground: JudgingGround,
  baseline: FoundBaseline | undefined,
  options: GroundOptions,
): Promise<GateInput['rules']> {
  if (ground.base === undefined) return undefined
  const own = await ownBaseline(ground, baseline?.arm, options)
  return { from: ground.base.name, changes: [...ground.changes, ...own] }
}

function missing(file: string): AgentEvalError {
  return new AgentEvalError('there is no baseline', 'usage', {
    source: { file },
    hint: 'measure one with: npx agent-eval run --no-gate, keep it with: npx agent-eval baseline update, and commit it; to judge by limits and facts alone: --baseline none',
  })
}

/** Whether the baseline is that of the base, and not one that somebody named. */
function isBases({ base }: JudgingGround, { baseline }: GroundOptions): boolean {
  return base !== undefined && (baseline === undefined || namesCommit(baseline))
}

/** What the change does to its own baseline file, which counts once it is merged. */
async function ownBaseline(
  ground: JudgingGround,
  atBase: Arm | undefined,
  options: GroundOptions,
): Promise<readonly RuleChange[]> {
  if (!isBases(ground, options)) return []
  const { evalSet, project } = ground
  const file = path.relative(project.cwd, evalSet.baselineFile)
  return baselineChanges(file, atBase, await baselineHere(evalSet.baselineFile, project.cwd))
}

async function baselineHere(file: string, cwd: string): Promise<BaselineHere> {
  if (!(await isThere(file))) return 'missing'
  try {
    return (await readArm(file, cwd)).arm
  } catch (error) {
    if (error instanceof AgentEvalError) return 'unreadable'
    throw error
  }
}

function firstRunAdvice(
  ground: JudgingGround,
  baseline: FoundBaseline | undefined,
  options: GroundOptions,
): readonly string[] {
  if (baseline !== undefined || !isBases(ground, options)) return []
  const { base, evalSet } = ground
  return [
    `${base?.name ?? ''} has no baseline of "${evalSet.id}": limits and facts are judged, nothing is compared`,
  ]
}

/**
 * What to know of a baseline that is kept. A run that somebody names is compared once, and its luck is
 * in that comparison only.
 */
export async function adviceOn(
  { arm, committed }: FoundBaseline,
  { cases, gate }: Measured,
  io: Io,
): Promise<readonly string[]> {
  if (committed === undefined) return []
  return baselineAdvice({
    baseline: arm,
    candidate: cases.filter((one) => one.twinOf === undefined),
    tool: version,
    rules: gate.baseline,
    ageDays: await ageInDays(committed, io),
  })
}
