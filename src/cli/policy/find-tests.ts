import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { isMissing, isThere } from '../outside/node-folder.ts'
import { evalSetFolders, type Project } from '../project.ts'

/** A file of policy tests, and the eval set whose world its actions are of. */
export interface FoundTests {
  /** Absolute. */
  readonly file: string
  /** As the user would type it. */
  readonly shown: string
  /** Absolute folder of the eval set. */
  readonly evalSet: string
}

const testName = /\.policy-test\.(?:yaml|yml|json)$/

/**
 * The files of policy tests that are named, or every `*.policy-test.yaml` below the project's eval sets.
 *
 * A file belongs to the eval set in whose folder it lies; anywhere else to the only one of the project.
 *
 * @throws AgentEvalError (usage) where there is none, or where nobody knows which eval set is meant
 */
export async function findPolicyTests(
  named: readonly string[],
  project: Project,
): Promise<readonly FoundTests[]> {
  const folders = named.length > 0 ? [] : evalSetFolders(project, [])
  const places = named.length > 0 ? named.map((one) => path.resolve(project.cwd, one)) : folders
  const files = new Set((await Promise.all(places.map(testsAt))).flat())
  if (files.size === 0) throw noTests(named)
  return Promise.all(
    [...files].map(async (file) => ({
      file,
      shown: path.relative(project.cwd, file),
      evalSet: await evalSetOf(file, project),
    })),
  )
}

function noTests(named: readonly string[]): AgentEvalError {
  const where = named.length === 0 ? 'below the eval sets of this project' : named.join(', ')
  return new AgentEvalError(`there are no policy tests: ${where}`, 'usage', {
    hint: 'write some: a file such as policy-tests/refunds.policy-test.yaml in the folder of an eval set',
  })
}

/** A file that is named counts whatever it is called. */
async function testsAt(place: string): Promise<readonly string[]> {
  try {
    if (!(await stat(place)).isDirectory()) return [place]
  } catch (error) {
    if (isMissing(error)) return [place]
    throw error
  }
  const entries = await readdir(place, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && testName.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.split(path.sep).includes('node_modules'))
    .sort()
}

async function evalSetOf(file: string, project: Project): Promise<string> {
  for (const folder of foldersAbove(file)) {
    if (await isThere(path.join(folder, 'evalset.yaml'))) return folder
  }
  const [only, ...more] = evalSetFolders(project, [])
  if (only !== undefined && more.length === 0) return only
  throw new AgentEvalError('the project has several eval sets', 'usage', {
    source: { file: path.relative(project.cwd, file) },
    hint: 'policy tests stand in the folder of the eval set whose tools they are about',
  })
}

function foldersAbove(file: string): readonly string[] {
  const folder = path.dirname(file)
  return folder === file ? [] : [folder, ...foldersAbove(folder)]
}
