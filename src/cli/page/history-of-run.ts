import path from 'node:path'
import { driftOf } from '../../gate/drift.ts'
import type { DriftReport } from '../../schema/drift.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { idInFolder } from '../at-base/id-in-folder.ts'
import type { Io } from '../io.ts'
import { openProject } from '../project.ts'
import { historyPlace, readHistory } from '../run-folder/history-file.ts'

/**
 * From night to night, where a history stands beside the eval set of a run.
 *
 * @returns `undefined` where the eval set is not in this project, or nobody keeps a history
 * @throws AgentEvalError (input) for a history that cannot be read
 */
export async function historyOfRun(
  manifest: Pick<RunManifest, 'baselineFile' | 'provenance'>,
  io: Io,
): Promise<DriftReport | undefined> {
  const folder = await evalSetFolder(manifest, io)
  if (folder === undefined) return undefined
  const shown = path.relative(io.cwd, folder) || '.'
  const history = await readHistory(historyPlace({ folder, shown }, undefined, io.cwd))
  if (history?.entries.some(({ kind }) => kind === 'HistoryNight') !== true) return undefined
  return driftOf(history.entries)
}

/** By its id, where its baseline file is, or among those of the project. */
async function evalSetFolder(
  { baselineFile, provenance }: Pick<RunManifest, 'baselineFile' | 'provenance'>,
  io: Io,
): Promise<string | undefined> {
  const { config, hasFile, root } = await openProject(undefined, io)
  const near = baselineFile === undefined ? [] : [path.resolve(io.cwd, path.dirname(baselineFile))]
  const named = hasFile ? config.evalsets.map((folder) => path.resolve(root, folder)) : []
  for (const folder of new Set([...near, ...named])) {
    if ((await idInFolder(folder)) === provenance.evalSet.id) return folder
  }
  return undefined
}
