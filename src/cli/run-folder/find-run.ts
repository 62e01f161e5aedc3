import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { isRunFolder } from '../at-base/baseline-source.ts'
import { isMissing } from '../outside/node-folder.ts'
import { runFiles } from './run-folder.ts'

/**
 * Finds a run by path, or by its name below the output folder.
 *
 * @throws AgentEvalError (usage) naming the runs there are
 */
export async function findRun(named: string, output: string, cwd: string): Promise<string> {
  for (const folder of [path.resolve(cwd, named), path.resolve(cwd, output, named)]) {
    if (await isRunFolder(folder)) return folder
  }
  const known = await listRuns(path.resolve(cwd, output))
  const newest = known.slice(-3).map((run) => path.basename(run))
  throw new AgentEvalError(`there is no run "${named}"`, 'usage', {
    hint: newest.length === 0 ? 'no run was made here yet' : `newest runs: ${newest.join(', ')}`,
  })
}

/**
 * The newest run, of those that `wanted` accepts. The fresh arms that confirmed another run are found by
 * their names only.
 *
 * @throws AgentEvalError (usage) when there is none
 */
export async function newestRun(
  output: string,
  what: string,
  wanted: (run: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<string> {
  const runs = (await listRuns(output)).filter((run) => !isFreshArm(run))
  for (const run of runs.reverse()) if (await wanted(run)) return run
  throw new AgentEvalError(`there is no ${what} in ${path.basename(output)}`, 'usage', {
    hint: 'make one with: npx agent-eval run',
  })
}

/** Other runs end in a hash. */
function isFreshArm(run: string): boolean {
  return /-confirm-(?:baseline|candidate)$/.test(run)
}

/** Whether a run has trials left that nobody decided to leave out. */
export function wasCutShort({ sampling }: RunManifest): boolean {
  return sampling?.stopped !== undefined && sampling.stopped.why !== 'decided'
}

/** Whether a run was cut off before its result was written. */
export async function isUnfinished(run: string): Promise<boolean> {
  try {
    await stat(path.join(run, runFiles.result))
    return false
  } catch (error) {
    if (isMissing(error)) return true
    throw error
  }
}

/** Runs below a folder, oldest first by the time of their manifest. */
async function listRuns(output: string): Promise<string[]> {
  let names: readonly string[]
  try {
    names = await readdir(output)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  const dated: { readonly run: string; readonly ms: number }[] = []
  for (const name of names) {
    const run = path.join(output, name)
    if (!(await isRunFolder(run))) continue
    dated.push({ run, ms: (await stat(path.join(run, runFiles.manifest))).mtimeMs })
  }
  dated.sort((a, b) => a.ms - b.ms || (a.run < b.run ? -1 : 1))
  return dated.map((one) => one.run)
}
