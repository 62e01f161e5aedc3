import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { FoundShard } from '../../run-evalset/merge-shards.ts'
import type { ShardManifest } from '../../run-evalset/shards-alike.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { isMissing } from '../outside/node-folder.ts'
import { plannedLines } from '../run-folder/planned-lines.ts'
import { readManifest, readTrials, runFiles } from '../run-folder/run-folder.ts'

/** How far below a folder runs may lie: an artifact's folder, what was uploaded, the run. */
const deepest = 3

/** A shard on disk. */
export interface ShardOnDisk extends FoundShard {
  /** Absolute. */
  readonly folder: string
  /** Whole lines of its trials; what a kill left after them is not read. */
  readonly lines: number
  /** Planned trials without a line, where nothing but a kill explains it. */
  readonly cutOff: number
}

/** What of a folder may be a shard. */
export interface FoundShards {
  readonly shards: readonly ShardOnDisk[]
  /** Runs that cannot say what they are, and why. */
  readonly nameless: readonly string[]
  /** Runs that are no part of another. */
  readonly others: number
}

interface Place {
  readonly folder: string
  readonly shown: string
}

/**
 * Folders of runs at or below a folder, as artifacts are laid down: each in a folder of its own, or all in
 * one. What lies in a run folder is not looked at, and links are not followed.
 *
 * @returns sorted; none where the folder is missing
 */
export async function findRunFolders(root: Place, depth = 0): Promise<readonly Place[]> {
  const entries = await entriesOf(root.folder)
  const isFile = (name: string): boolean => entries.some((one) => one.name === name && one.isFile())
  if (isFile(runFiles.manifest) || isFile(runFiles.trials)) return [root]
  if (depth === deepest) return []
  const found: Place[] = []
  for (const name of entries.filter((one) => one.isDirectory()).map((one) => one.name)) {
    const below = { folder: path.join(root.folder, name), shown: path.join(root.shown, name) }
    found.push(...(await findRunFolders(below, depth + 1)))
  }
  return found
}

async function entriesOf(folder: string): Promise<Awaited<ReturnType<typeof listed>>> {
  try {
    return await listed(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

async function listed(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Reads every run below a folder as far as it takes to know whether its trials can be used. */
export async function findShards(root: Place): Promise<FoundShards> {
  const shards: ShardOnDisk[] = []
  const nameless: string[] = []
  let others = 0
  for (const place of await findRunFolders(root)) {
    const manifest = await manifestIn(place)
    if (typeof manifest === 'string') nameless.push(`${place.shown}: ${manifest}`)
    else if (isShard(manifest)) shards.push(await readShard(place, manifest))
    else others += 1
  }
  return { shards, nameless, others }
}

function isShard(manifest: RunManifest): manifest is ShardManifest {
  return manifest.shard !== undefined
}

async function manifestIn({ folder }: Place): Promise<RunManifest | string> {
  try {
    return await readManifest(folder)
  } catch (error) {
    if (error instanceof AgentEvalError) return error.message
    throw error
  }
}

async function readShard(place: Place, manifest: ShardManifest): Promise<ShardOnDisk> {
  try {
    await refuseLinks(place.folder)
    return { ...place, manifest, ...(await countTrials(place.folder, manifest)) }
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    return { ...place, manifest, lines: 0, cutOff: 0, broken: error.message }
  }
}

/** An artifact is foreign: through a link in it, a file of this machine would become part of a run. */
async function refuseLinks(folder: string): Promise<void> {
  for (const name of [runFiles.trials, runFiles.events]) {
    try {
      if ((await lstat(path.join(folder, name))).isFile()) continue
    } catch (error) {
      if (isMissing(error)) continue
      throw error
    }
    throw new AgentEvalError(`${name} is no file`, 'input', { source: { file: folder } })
  }
}

/** @throws AgentEvalError (input) for lines that are broken, or of other trials than were planned */
async function countTrials(
  folder: string,
  manifest: ShardManifest,
): Promise<Pick<ShardOnDisk, 'lines' | 'cutOff'>> {
  const check = plannedLines(manifest, path.join(folder, runFiles.trials))
  const ended = new Set<string>()
  let lines = 0
  for await (const line of readTrials(folder)) {
    check(line)
    lines += 1
    ended.add(formatTrialKey({ ...line, attempt: 1 }))
  }
  // What ended early on purpose is told by how far it went.
  const planned = manifest.sampling?.stopped === undefined ? plannedTrials(manifest) : 0
  return { lines, cutOff: Math.max(0, planned - ended.size) }
}

function plannedTrials({ cases, options }: RunManifest): number {
  const trials = cases.reduce((sum, one) => sum + one.trials, 0)
  return options['mode'] === 'both' ? 2 * trials : trials
}
