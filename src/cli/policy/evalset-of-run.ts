import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { idInFolder } from '../at-base/id-in-folder.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from '../project.ts'

/**
 * The eval set of a run as it is in this project: by its id, where its baseline file is, or among all.
 *
 * @throws AgentEvalError (usage) where the project has none of that id
 */
export async function evalSetOfRun(
  { baselineFile, provenance }: Pick<RunManifest, 'baselineFile' | 'provenance'>,
  project: Project,
): Promise<ProjectEvalSet> {
  const { id } = provenance.evalSet
  const near = baselineFile === undefined ? [] : [path.dirname(baselineFile)]
  const named = project.hasFile ? project.config.evalsets : []
  const folders = [
    ...near.map((folder) => path.resolve(project.cwd, folder)),
    ...named.map((folder) => path.resolve(project.root, folder)),
  ]
  for (const folder of new Set(folders)) {
    if ((await idInFolder(folder)) === id) return openEvalSet(project, folder)
  }
  throw new AgentEvalError(`eval set "${id}" of this run is not in this project`, 'usage', {
    hint: 'name the project that has it with --config',
  })
}
