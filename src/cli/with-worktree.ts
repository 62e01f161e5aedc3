import { mkdtemp, rm } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import path from 'node:path'
import { git } from './git.ts'

/** A commit of the repository that a folder is in. */
export interface CommitPlace {
  readonly cwd: string
  readonly commit: string
}

/** A commit that is checked out into a temporary folder. */
export interface OpenWorktree {
  /** Stands for `cwd` in there; it need not exist at that commit. */
  readonly folder: string
  readonly close: () => Promise<void>
}

/**
 * Checks a commit out into a temporary folder, until it is closed.
 *
 * No hook of the repository runs: nobody asked for more than the files.
 *
 * @throws the error of git, when it has no such commit or is not there
 */
export async function openWorktree({ commit, cwd }: CommitPlace): Promise<OpenWorktree> {
  const below = (await git(cwd, 'rev-parse', '--show-prefix')).replace(/\n$/, '')
  const temporary = await mkdtemp(path.join(tmpdir(), 'agent-eval-commit-'))
  const tree = path.join(temporary, 'tree')
  const close = async (): Promise<void> => {
    // Twice forced: one that a signal cut off is locked. Without it there is nothing to remove.
    await git(cwd, 'worktree', 'remove', '--force', '--force', tree).catch(() => undefined)
    await rm(temporary, { recursive: true, force: true })
  }
  try {
    const noHooks = ['-c', `core.hooksPath=${devNull}`]
    await git(cwd, ...noHooks, 'worktree', 'add', '--detach', '--quiet', tree, commit)
    return { folder: path.join(tree, below), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The same for as long as it is used, whatever happens. */
export async function withWorktree<T>(
  place: CommitPlace,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const { close, folder } = await openWorktree(place)
  try {
    return await use(folder)
  } finally {
    await close()
  }
}
