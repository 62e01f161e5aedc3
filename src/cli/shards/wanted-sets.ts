import path from 'node:path'
import { idInFolder } from '../at-base/id-in-folder.ts'
import type { Project } from '../project.ts'
import type { ShardOnDisk } from './find-shards.ts'

/**
 * The eval sets whose shards must be there, sorted: those that the user names; else all that the shards were
 * run with, and all that the project file names. The shards alone cannot tell: a job that ran fewer of them
 * knows of no others.
 *
 * @param named - ids, as of `--evalset`; absent: nobody names any
 * @returns ids; for a folder that the project file names and that holds no eval set, that folder
 */
export async function wantedSets(
  shards: readonly ShardOnDisk[],
  named: readonly string[] | undefined,
  project: Project,
): Promise<readonly string[]> {
  if (named !== undefined) return [...new Set(named)].sort()
  const wanted = new Set(shards.flatMap(({ manifest }) => manifest.shard.evalSets))
  const folders = project.hasFile ? project.config.evalsets : []
  for (const folder of folders) {
    wanted.add((await idInFolder(path.resolve(project.root, folder))) ?? folder)
  }
  return [...wanted].sort()
}

/** In words, for each that is wanted and of which no shard is there. */
export function absentSets(
  wanted: readonly string[],
  present: ReadonlySet<string>,
  total: number,
): readonly string[] {
  const absent = wanted.filter((id) => !present.has(id))
  return absent.map(
    (id) =>
      `eval set "${id}" was to be run as well, and none of its ${total} shards is there: run them, or name those that were run: --evalset ID`,
  )
}
