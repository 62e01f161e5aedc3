import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { decideWithFigures } from '../../gate/decide-with-figures.ts'
import { lackingShards, type ShardEvidence } from '../../gate/lacking-shards.ts'
import { type MergedShards, mergeShards } from '../../run-evalset/merge-shards.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { FoundBaseline } from '../at-base/baseline-source.ts'
import { ciContext } from '../ci/ci-context.ts'
import { type ComparisonGround, comparisonGround, shownEvalSet } from '../compare/compare-ground.ts'
import { type CompareOptions, gateInputOfRun, requireDecidable } from '../compare/compare-input.ts'
import type { Io } from '../io.ts'
import {
  type ChosenReporter,
  chooseReporters,
  printResult,
  requireFilePerSet,
  requirePageInFile,
} from '../print/print-result.ts'
import { reportContext } from '../print/report-context.ts'
import { openProject, type Project } from '../project.ts'
import { worstExitCode } from '../run/worst-exit-code.ts'
import { type RunOnDisk, readRun } from '../run-folder/read-run.ts'
import { runFiles, writeDocument } from '../run-folder/run-folder.ts'
import { type FoundShards, findShards, type ShardOnDisk } from '../shards/find-shards.ts'
import { otherThanTree } from '../shards/shards-of-tree.ts'
import { absentSets, wantedSets } from '../shards/wanted-sets.ts'
import { writeMerged } from '../shards/write-merged.ts'

type ShardOptions = CompareOptions & { readonly expectShards: number }

interface Merging {
  readonly options: ShardOptions
  readonly io: Io
  readonly project: Project
  readonly chosen: readonly ChosenReporter[]
}

/** The shards of one eval set as one run, and all that is wrong with them. */
interface MergedSet extends MergedShards<ShardOnDisk>, ShardEvidence {}

/**
 * Decides on the shards below a folder: those of each eval set are put together into one run, which is
 * written, decided on and printed like any other. Exits by the worst verdict.
 *
 * @param named - as the user typed it
 * @throws AgentEvalError (evidence) where there is no shard at all: nobody knows of what then
 * @throws AgentEvalError (usage) where they are parts of another number, or cannot be compared
 */
export async function compareShards(named: string, options: ShardOptions, io: Io): Promise<void> {
  const chosen = chooseReporters(options)
  requirePageInFile(chosen, io)
  const project = await openProject(options.config, io)
  const found = await findShards({ folder: path.resolve(io.cwd, named), shown: named })
  if (found.shards.length === 0) throw noShard(named, found, options.expectShards)
  const wanted = await wantedSets(found.shards, options.evalset, project)
  const sets = mergeSets(found, wanted, options.expectShards)
  requireFilePerSet(chosen, sets.length)
  const shell = { options, io, project, chosen }
  // Whatever cannot be compared is found before anything is said of the others.
  const ready: DecidableSet[] = []
  for (const merged of sets) ready.push(await prepareMerged(merged, shell))
  const codes: number[] = []
  for (const set of ready) codes.push(await decideMerged(set, shell))
  io.setExitCode(worstExitCode(codes))
}

function noShard(named: string, { nameless, others }: FoundShards, total: number): AgentEvalError {
  const whole =
    others === 1 ? 'the run there is no shard' : `the ${others} runs there are no shards`
  const hint =
    nameless[0] ??
    (others > 0
      ? `${whole}: make each part with npx agent-eval run --shard 1/${total}`
      : 'have they been uploaded, and is this where they were put?')
  return new AgentEvalError(`none of ${total} shards is there`, 'evidence', {
    source: { file: named },
    hint,
  })
}

/** By eval set, sorted by its id. */
function mergeSets(
  { nameless, shards }: FoundShards,
  wanted: readonly string[],
  total: number,
): readonly MergedSet[] {
  const idOf = ({ manifest }: ShardOnDisk): string => manifest.provenance.evalSet.id
  const ids = [...new Set(shards.map(idOf))].sort()
  const absent = absentSets(wanted, new Set(ids), total)
  return ids.map((id) => {
    const merged = mergeShards(
      shards.filter((one) => idOf(one) === id),
      total,
    )
    const unreadable = nameless.map((text) => `a run that cannot be read: ${text}`)
    // Where all shards are there, a run that nobody can read is none of them.
    const isLacking = merged.missing.length > 0
    return {
      ...merged,
      missing: [...merged.missing, ...absent, ...(isLacking ? unreadable : [])],
      notes: [...merged.taken.flatMap(cutOff), ...(isLacking ? [] : unreadable)],
    }
  })
}

function cutOff({ cutOff: lost, manifest }: ShardOnDisk): readonly string[] {
  const { index, total } = manifest.shard
  if (lost === 0) return []
  return [
    `shard ${index} of ${total} was cut off: ${lost} of its trials ${lost === 1 ? 'has' : 'have'} no result`,
  ]
}

/** A merged run on disk, and what it is decided by. */
interface DecidableSet extends ShardEvidence, Pick<MergedSet, 'again'> {
  readonly run: FoundBaseline & RunOnDisk
  /** Absolute. */
  readonly folder: string
  readonly ground: ComparisonGround
}

/** @throws AgentEvalError (usage) where it cannot be compared with what it should be */
async function prepareMerged(
  { again, manifest, missing, notes, taken }: MergedSet,
  { io, options, project }: Merging,
): Promise<DecidableSet> {
  const output = path.resolve(io.cwd, options.output ?? project.config.output)
  const folder = path.join(output, manifest.run)
  await writeMerged(folder, manifest, taken)
  const { summary } = await readRun(folder)
  const from = path.relative(io.cwd, folder)
  const run = { arm: summary, from, manifest, summary, metrics: summary.metrics }
  const asked = { ...options, ...givenTo(manifest) }
  const ground = await comparisonGround(run, { io, options: asked, areShards: true })
  if (ground.baseline !== undefined) requireDecidable(ground.baseline)
  const others = await otherThanTree(run, { io, options: asked, project })
  return { run, folder, ground, again, missing: [...missing, ...others], notes }
}

/** @returns the exit code of this eval set */
async function decideMerged(
  { again, folder, ground, run, ...evidence }: DecidableSet,
  { chosen, io, options, project }: Merging,
): Promise<number> {
  const { from, manifest, summary } = run
  const decided = decideWithFigures(gateInputOfRun(run, ground, { io, options }))
  const verdict = lackingShards(decided, evidence)
  const result = runResultOf(manifest, summary, verdict)
  await writeDocument(path.join(folder, runFiles.result), result)
  const ci = await ciContext(io)
  const known = reportContext(result, { path: from, manifest, ci })
  const shards = { missingShards: again, expectedShards: options.expectShards }
  const context = { ...known, ...shards, evalSetName: await shownEvalSet(run, project) }
  await printResult({ result, context }, chosen, { io, options })
  return verdict.exitCode
}

/** What the shards were told themselves, so that no file decided it. */
function givenTo({ options }: RunManifest): {
  readonly candidate?: string
  readonly budget?: number
} {
  const { budget, candidate } = options
  return {
    ...(typeof candidate === 'string' && { candidate }),
    ...(typeof budget === 'number' && { budget }),
  }
}
