import { mkdtemp, rm } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import path from 'node:path'
import { git } from './git.ts'

/** A commit of the repository that a folder is in. */
export interface CommitPlace {
  readonly cwd: string
  readonly commit: string
}

/**
 * Checks a commit out into a temporary folder, and removes it afterwards, whatever happened.
 *
 * No hook of the repository runs: nobody asked for more than the files.
 *
 * @param use - gets the folder that stands for `cwd` in there; it need not exist at that commit
 * @throws the error of git, when it has no such commit or is not there
 */
export async function withWorktree<T>(
  { commit, cwd }: CommitPlace,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const below = (await git(cwd, 'rev-parse', '--show-prefix')).replace(/\n$/, '')
  const temporary = await mkdtemp(path.join(tmpdir(), 'agent-eval-commit-'))
  const tree = path.join(temporary, 'tree')
  try {
    const noHooks = ['-c', `core.hooksPath=${devNull}`]
    await git(cwd, ...noHooks, 'worktree', 'add', '--detach', '--quiet', tree, commit)
    return await use(path.join(tree, below))
  } finally {
    // Twice forced: one that a signal cut off is locked. Without it there is nothing to remove.
    await git(cwd, 'worktree', 'remove', '--force', '--force', tree).catch(() => undefined)
    await rm(temporary, { recursive: true, force: true })
  }
}
