import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { PlannedCase } from '../../schema/run-manifest.ts'
import { isThere } from '../outside/node-folder.ts'
import { readManifest } from './run-folder.ts'

/** The file in which a case of a run stands. */
export interface CaseFile {
  /** Absolute. */
  readonly file: string
  /** As the user would type it. */
  readonly shown: string
}

/**
 * Finds the file of a case by what its run recorded.
 *
 * @param cwd - the run recorded paths relative to where it was started
 * @throws AgentEvalError (usage) where the run knows no file, as an imported one, or it is gone
 */
export async function findCaseFile(run: string, id: string, cwd: string): Promise<CaseFile> {
  const { cases } = await readManifest(run)
  const planned: PlannedCase | undefined = cases.find((one) => one.id === id)
  const shown = planned?.file
  if (shown === undefined) {
    throw new AgentEvalError(`the run does not say in which file case "${id}" stands`, 'usage', {
      hint: 'an imported trial has no case yet: make one with --to-case',
    })
  }
  const file = path.resolve(cwd, shown)
  if (await isThere(file)) return { file, shown }
  throw new AgentEvalError('there is no such file', 'usage', {
    source: { file: shown },
    hint: 'run this from the folder in which the run was started',
  })
}
