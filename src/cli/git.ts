import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AgentEvalError } from '../errors.ts'

const run = promisify(execFile)

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
  try {
    // `./` makes the path relative to the working directory and not to the repository.
    const options = { cwd, maxBuffer: 256 * 1024 * 1024 }
    const { stdout } = await run('git', ['show', `${ref}:./${file}`], options)
    return stdout
  } catch {
    return undefined
  }
}
