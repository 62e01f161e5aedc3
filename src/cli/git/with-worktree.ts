import { lstat, mkdtemp, rm, symlink } from 'node:fs/promises'
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
  /**
   * Links the packages in that a folder of it sees in the working tree: nobody commits them.
   *
   * @param from - absolute, inside of the worktree
   */
  readonly linkPackages: (from: string) => Promise<void>
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
    const folder = path.join(tree, below)
    return { folder, close, linkPackages: (from) => linkPackages(from, { tree, folder, cwd }) }
  } catch (error) {
    await close()
    throw error
  }
}

/** Node finds packages in the folder of whoever asks and in those above it. */
async function linkPackages(
  from: string,
  { cwd, folder, tree }: { readonly tree: string; readonly folder: string; readonly cwd: string },
): Promise<void> {
  const isInside = (one: string): boolean => !path.relative(tree, one).startsWith('..')
  for (let one = from; isInside(one); one = path.dirname(one)) {
    const own = path.join(one, 'node_modules')
    const packages = path.resolve(cwd, path.relative(folder, own))
    if ((await exists(packages)) && !(await exists(own))) await symlink(packages, own, 'junction')
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file)
    return true
  } catch {
    return false
  }
}
