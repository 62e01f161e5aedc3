import { git, isShallow, whyGitFailed } from '../../git/git.ts'
import { findBaseCommit } from '../../git/merge-base.ts'
import { pullRequestOf } from '../../git/pull-request.ts'
import { type Check, failuresOf } from '../check.ts'

/** Whether there is a history to compare with, and all of it. */
export const gitCheck: Check = {
  id: 'git',
  run: async ({ io }) => {
    const why = await whyUnread(io.cwd)
    if (why !== undefined) {
      const message = `${why.message}: a baseline cannot be that of another commit`
      return [{ status: 'warn', message, fix: why.fix }]
    }
    if (!(await isShallow(io.cwd))) return [{ status: 'ok', message: 'the whole history is here' }]
    const message = 'the history was cut off: merge bases and the age of a baseline are unknown'
    const isGitHub = (io.env['GITHUB_ACTIONS'] ?? '') !== ''
    const fix = isGitHub
      ? 'add to actions/checkout:  with: { fetch-depth: 0 }'
      : 'git fetch --unshallow'
    return [{ status: 'warn', message, fix }]
  },
}

/** Why git does not read what is here; `undefined` where it does. */
async function whyUnread(
  cwd: string,
): Promise<{ readonly message: string; readonly fix: string } | undefined> {
  try {
    await git(cwd, 'rev-parse', '--git-dir')
    return undefined
  } catch (error) {
    const said = whyGitFailed(error) ?? ''
    if (isNotStarted(error)) return { message: said, fix: 'install git, and put it on PATH' }
    // A checkout of another user's, as in a container.
    if (said.includes('dubious ownership')) {
      return { message: said, fix: 'git config --global --add safe.directory "$PWD"' }
    }
    return { message: 'no git repository', fix: 'git init' }
  }
}

function isNotStarted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** On a pull request: whether the commit is here whose baseline and rules hold. */
export const baseCheck: Check = {
  id: 'base',
  run: async ({ io }) => {
    if (pullRequestOf(io.env) === undefined) {
      const message = 'no pull request: the baseline and the rules of this tree hold'
      return [{ status: 'ok', message }]
    }
    try {
      const base = await findBaseCommit({ cwd: io.cwd, env: io.env, source: undefined })
      const message = `a pull request: baseline and rules are those of the ${base?.name ?? 'tree'}`
      return [{ status: 'ok', message }]
    } catch (error) {
      return failuresOf(error)
    }
  },
}
