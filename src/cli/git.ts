import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AgentEvalError } from '../errors.ts'
import type { Folder } from '../ports.ts'

const run = promisify(execFile)

const maxBuffer = 256 * 1024 * 1024

/**
 * A file as it stands at a commit.
 *
 * @param ref - a branch, tag or commit; anything that starts with a dash is refused, because git
 *   would read it as an option
 * @returns `undefined` when the commit exists and the file does not
 * @throws AgentEvalError (usage) when there is no such commit, or no git
 */
export async function fileAtRef(
  cwd: string,
  ref: string,
  file: string,
): Promise<string | undefined> {
  await requireCommit(cwd, ref)
  return show(cwd, ref, file)
}

/**
 * A folder as it stands at a commit.
 *
 * @param folder - relative to `cwd`
 * @throws AgentEvalError (usage) when there is no such commit, or no git
 */
export async function folderAtRef(cwd: string, ref: string, folder: string): Promise<Folder> {
  await requireCommit(cwd, ref)
  const root = `./${folder}/`
  const { stdout } = await run('git', ['ls-tree', '-r', '-z', '--name-only', ref, root], {
    cwd,
    maxBuffer,
  })
  // Names come relative to the working directory, as the root was given.
  const start = root.slice('./'.length)
  const files = stdout
    .split('\0')
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length))
    .sort()
  return {
    name: `${ref}:${folder}`,
    read: (file) =>
      files.includes(file) ? show(cwd, ref, `${folder}/${file}`) : Promise.resolve(undefined),
    list: (below) => Promise.resolve(files.filter((file) => file.startsWith(`${below}/`))),
  }
}

async function requireCommit(cwd: string, ref: string): Promise<void> {
  if (ref === '' || ref.startsWith('-')) {
    throw new AgentEvalError(`"${ref}" is no git reference`, 'usage')
  }
  try {
    await run('git', ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { cwd })
  } catch (cause) {
    throw new AgentEvalError(`git has no commit "${ref}"`, 'usage', {
      hint: 'in CI, check out with fetch-depth: 0 so that other commits are there',
      cause,
    })
  }
}

async function show(cwd: string, ref: string, file: string): Promise<string | undefined> {
  try {
    // `./` makes the path relative to the working directory and not to the repository.
    const { stdout } = await run('git', ['show', `${ref}:./${file}`], { cwd, maxBuffer })
    return stdout
  } catch {
    return undefined
  }
}
