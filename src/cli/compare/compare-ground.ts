import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { Arm } from '../../gate/arm.ts'
import { stricterGate } from '../../gate/stricter-gate.ts'
import { type GateConfig, gateConfig } from '../../schema/gate-config.ts'
import { type FoundBaseline, findBaseline } from '../at-base/baseline-source.ts'
import { idInFolder } from '../at-base/id-in-folder.ts'
import {
  adviceOn,
  type Compared,
  comparedWith,
  type GroundOptions,
  type JudgingGround,
  judgingGround,
  type Measured,
} from '../at-base/judging-ground.ts'
import { type BaseCommit, findBaseCommit, namesCommit } from '../git/merge-base.ts'
import type { Io } from '../io.ts'
import { openEvalSet, openProject, type Project, type ProjectEvalSet } from '../project.ts'

/** What a finished run is judged by and compared with. */
export interface ComparisonGround extends Compared {
  readonly gate: GateConfig
  /** Its cases as they stand by these rules. */
  readonly candidate: Arm
}

interface Ask {
  readonly io: Io
  readonly options: GroundOptions
  /** Shards come from other jobs: what they say of the rules loosens none of this project's. */
  readonly areShards?: boolean
}

/**
 * What a finished run is compared with, and by which rules: those that it recorded, and where the
 * change under test has a base, the stricter ones of there as well.
 *
 * The eval set itself is needed only for that, and for the rules of a result that records none: a
 * result file without its run. A run from elsewhere, of which this project has no eval set, is judged
 * by what it recorded.
 *
 * @throws AgentEvalError for a baseline or a base that is not here or cannot be read
 */
export async function comparisonGround(
  candidate: FoundBaseline,
  ask: Ask,
): Promise<ComparisonGround> {
  const { io, options } = ask
  const recorded = candidate.manifest?.gate
  const base = await findBaseCommit({ cwd: io.cwd, env: io.env, source: options.baseline })
  const isWhole = recorded !== undefined && recorded.anchor === undefined
  if (base === undefined && isWhole && ask.areShards !== true) {
    return ownGround(candidate, recorded, ask)
  }
  const project = await openProject(options.config, io)
  const evalSet = await ownEvalSet(candidate, project)
  if (evalSet === undefined) return foreignGround(candidate, { recorded, base }, ask)
  const rules = recorded ?? evalSet.loaded.file.gate
  const ground = await groundOf({ evalSet, project, base }, rules, ask)
  const { gate } = ground.evalSet.loaded.file
  const compared = await comparedWith(ground, measuredOf(candidate, gate), ask)
  return {
    ...compared,
    gate,
    candidate: base === undefined ? candidate.arm : standingIn(ground, candidate.arm),
  }
}

async function ownGround(
  candidate: FoundBaseline,
  gate: GateConfig,
  { io, options }: Ask,
): Promise<ComparisonGround> {
  const baseline = await findBaseline({
    source: options.baseline,
    defaultFile: candidate.manifest?.baselineFile,
    evalSetId: candidate.arm.provenance.evalSet.id,
    cwd: io.cwd,
  })
  const ground = { baseline, gate, candidate: candidate.arm }
  if (baseline === undefined) return ground
  return { ...ground, advice: await adviceOn(baseline, measuredOf(candidate, gate), io) }
}

/**
 * Cases that ran without counting, and count by the rules of the base: whoever put them aside did it in
 * the change that is judged.
 */
function standingIn({ evalSet }: JudgingGround, arm: Arm): Arm {
  const counting = new Set(
    evalSet.loaded.cases
      .filter(({ split, status }) => split === 'gate' && status === 'active')
      .map((one) => one.id),
  )
  const cases = arm.cases.map(({ split, status, ...one }) => {
    if (counting.has(one.twinOf ?? one.id)) return one
    return {
      ...one,
      ...(split !== undefined && { split }),
      ...(status !== undefined && { status }),
    }
  })
  return { ...arm, cases }
}

interface Given {
  readonly recorded: GateConfig | undefined
  readonly base: BaseCommit | undefined
}

/** Of an eval set that is not here, nothing can be looked up at a commit. */
async function foreignGround(
  candidate: FoundBaseline,
  { base, recorded }: Given,
  ask: Ask,
): Promise<ComparisonGround> {
  const { id } = candidate.arm.provenance.evalSet
  const { baseline } = ask.options
  if (base !== undefined && (baseline === undefined || namesCommit(baseline))) {
    throw new AgentEvalError(`eval set "${id}" is not in this project`, 'usage', {
      hint: 'its baseline at a commit is found through it: check the project out, or name a run or file with --baseline',
    })
  }
  const ground = await ownGround(candidate, recorded ?? gateConfig.parse({}), ask)
  const why = `eval set "${id}" is not in this project: ${foreignRules(recorded)}`
  return { ...ground, advice: [why, ...(ground.advice ?? [])] }
}

function foreignRules(recorded: GateConfig | undefined): string {
  if (recorded === undefined) return 'the result records no rules, and the usual ones decide'
  return recorded.anchor === undefined
    ? 'its recorded rules decide'
    : 'its recorded rules decide, and its anchor is not compared'
}

/** What a run recorded holds whatever the tree says now; a stricter base holds as well. */
async function groundOf(
  { base, evalSet, project }: Pick<JudgingGround, 'base' | 'evalSet' | 'project'>,
  recorded: GateConfig,
  ask: Ask,
): Promise<JudgingGround> {
  const own = { evalSet, project, base, atBase: undefined, changes: [], advice: [] }
  const ground = base === undefined ? own : await judgingGround(evalSet, project, ask)
  const { loaded } = ground.evalSet
  const isRecordedEnough = base === undefined && ask.areShards !== true
  const gate = isRecordedEnough ? recorded : stricterGate(loaded.file.gate, recorded).gate
  return {
    ...ground,
    evalSet: { ...ground.evalSet, loaded: { ...loaded, file: { ...loaded.file, gate } } },
  }
}

function measuredOf({ arm }: FoundBaseline, gate: GateConfig): Measured {
  return {
    gate,
    cases: arm.cases.map(({ id, incomplete, invalid, scored, twinOf }) => ({
      id,
      twinOf,
      trials: scored + invalid + incomplete,
    })),
  }
}

/** How the user would name the eval set of a run: by its folder where this project has it, else by its id. */
export async function shownEvalSet(run: FoundBaseline, project: Project): Promise<string> {
  const folder = await ownFolder(run, project)
  if (folder === undefined) return run.arm.provenance.evalSet.id
  return path.relative(project.cwd, folder) || '.'
}

/** The eval set of a run, where this project has it. */
export async function ownEvalSet(
  run: FoundBaseline,
  project: Project,
): Promise<ProjectEvalSet | undefined> {
  const folder = await ownFolder(run, project)
  return folder === undefined ? undefined : openEvalSet(project, folder)
}

/** The eval set of a run in this project: by its id, where its baseline file is or among all. */
async function ownFolder(
  { arm, manifest }: FoundBaseline,
  project: Project,
): Promise<string | undefined> {
  const { id } = arm.provenance.evalSet
  const near = manifest?.baselineFile === undefined ? [] : foldersAbove(manifest.baselineFile)
  const named = project.hasFile ? project.config.evalsets : []
  const folders = [
    // What the project says is not for a run to say: a folder that came with it may call itself the same.
    ...named.map((folder) => path.resolve(project.root, folder)),
    ...near.map((folder) => path.resolve(project.cwd, folder)),
  ]
  for (const folder of new Set(folders)) {
    if ((await idInFolder(folder)) === id) return folder
  }
  return undefined
}

function foldersAbove(file: string): readonly string[] {
  const folder = path.dirname(file)
  return folder === '.' || folder === path.dirname(folder)
    ? [folder]
    : [folder, ...foldersAbove(folder)]
}
