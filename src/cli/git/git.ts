import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { AgentEvalError } from '../../errors.ts'
import type { Folder } from '../../ports.ts'
import { requireSafeRef } from './git-ref.ts'

const run = promisify(execFile)

const maxBuffer = 256 * 1024 * 1024

/**
 * Runs git without a shell and gives what it printed.
 *
 * Replacement objects are off: they would let one commit stand in for another.
 *
 * @throws the error of the child process when git fails or is not there; see {@link whyGitFailed}
 */
export async function git(cwd: string, ...argv: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['--no-replace-objects', '--literal-pathspecs', ...argv], {
    cwd,
    maxBuffer,
  })
  return stdout
}

/** What git said of its failure, in one line; nothing where it said nothing. */
export function whyGitFailed(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && error.code === 'ENOENT') return 'git cannot be started'
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : ''
  const [line = ''] = said.split('\n').filter((one) => one.trim() !== '')
  return line === '' ? undefined : line.replace(/^fatal: /, '')
}

/** Whether a folder lies in a git repository that git is willing to read. */
export async function isInRepository(cwd: string): Promise<boolean> {
  try {
    await git(cwd, 'rev-parse', '--git-dir')
    return true
  } catch {
    return false
  }
}

/** Whether history was cut off when this repository was cloned. */
export async function isShallow(cwd: string): Promise<boolean> {
  return (await git(cwd, 'rev-parse', '--is-shallow-repository')).trim() === 'true'
}

/**
 * The commit that a name stands for.
 *
 * @param ref - a branch, tag or commit
 * @returns its full hash; `undefined` when there is no such commit here
 * @throws AgentEvalError (usage) for a name that could be read as something else than a commit
 */
export async function commitOf(cwd: string, ref: string): Promise<string | undefined> {
  requireSafeRef(ref)
  try {
    return (await git(cwd, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`)).trim()
  } catch {
    return undefined
  }
}

/**
 * The same, where there has to be one.
 *
 * @throws AgentEvalError (usage) when there is no such commit, or no git
 */
export async function requireCommit(cwd: string, ref: string): Promise<string> {
  requireSafeRef(ref)
  try {
    return (await git(cwd, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`)).trim()
  } catch (cause) {
    throw new AgentEvalError(`git has no commit "${ref}"`, 'usage', {
      hint:
        whyGitFailed(cause) ??
        'in CI, check out with fetch-depth: 0 so that other commits are there',
      cause,
    })
  }
}

/**
 * A file as it stands at a commit.
 *
 * @param ref - a branch, tag or commit
 * @param file - relative to `cwd`
 * @returns `undefined` when the commit exists and the file does not
 * @throws AgentEvalError (usage) when there is no such commit, or no git; (input) when the file is
 *   there and git cannot read it, which is not the same as no file
 */
export async function fileAtRef(
  cwd: string,
  ref: string,
  file: string,
): Promise<string | undefined> {
  const commit = await requireCommit(cwd, ref)
  const place = await placeInTree(cwd, file)
  const [entry] = await listTree(cwd, commit, { place })
  return entry?.file === place && entry.type === 'blob' ? readBlob(cwd, entry) : undefined
}

/**
 * A folder as it stands at a commit.
 *
 * @param folder - relative to `cwd`
 * @throws AgentEvalError (usage) when there is no such commit, or no git
 */
export async function folderAtRef(cwd: string, ref: string, folder: string): Promise<Folder> {
  const commit = await requireCommit(cwd, ref)
  const place = await placeInTree(cwd, folder)
  const root = place === '.' ? '' : `${place}/`
  const found = await listTree(cwd, commit, { below: true, ...(root !== '' && { place: root }) })
  const entries = new Map(
    found
      .filter(({ file, type }) => type === 'blob' && file.startsWith(root))
      .map((entry) => [entry.file.slice(root.length), entry]),
  )
  const files = [...entries.keys()].sort()
  return {
    name: `${ref}:${folder}`,
    read: (file) => {
      const entry = entries.get(file)
      return entry === undefined ? Promise.resolve(undefined) : readBlob(cwd, entry)
    },
    list: (below) => Promise.resolve(files.filter((file) => file.startsWith(`${below}/`))),
  }
}

/**
 * When a file was last committed, in seconds since 1970.
 *
 * @returns `undefined` where history does not say: no such file, no repository, or a shallow clone,
 *   in which every file looks as young as the oldest commit
 */
export async function committedAt(
  cwd: string,
  commit: string,
  file: string,
): Promise<number | undefined> {
  try {
    if (await isShallow(cwd)) return undefined
    const text = await git(cwd, 'log', '-1', '--format=%ct', commit, '--', file)
    const seconds = Number(text.trim())
    return text.trim() !== '' && Number.isSafeInteger(seconds) ? seconds : undefined
  } catch {
    return undefined
  }
}

/** Whether a file on disk differs from the one that was last committed, or was never committed. */
export async function isUncommitted(cwd: string, file: string): Promise<boolean> {
  try {
    return (await git(cwd, 'status', '--porcelain', '-z', '--', file)) !== ''
  } catch {
    return true
  }
}

/** A path relative to the working directory as the repository's trees know it. */
async function placeInTree(cwd: string, file: string): Promise<string> {
  const prefix = (await git(cwd, 'rev-parse', '--show-prefix')).replace(/\n$/, '')
  const inRepository = path.posix.join(prefix, file.split(path.sep).join('/'))
  return inRepository.replace(/\/$/, '') || '.'
}

interface TreeEntry {
  readonly file: string
  readonly type: string
  readonly object: string
}

/** What a commit has at a path, or below it. A path outside the repository is in no commit. */
async function listTree(
  cwd: string,
  commit: string,
  { below, place }: { readonly place?: string; readonly below?: true },
): Promise<readonly TreeEntry[]> {
  if (place?.startsWith('../') === true) return []
  const options = below === true ? ['-r'] : []
  const path = place === undefined ? [] : ['--', place]
  const argv = ['ls-tree', '-z', '--full-tree', ...options, commit, ...path]
  const lines = (await git(cwd, ...argv)).split('\0').filter((line) => line !== '')
  return lines.map((line) => {
    const tab = line.indexOf('\t')
    const [, type = '', object = ''] = line.slice(0, tab).split(' ')
    return { file: line.slice(tab + 1), type, object }
  })
}

async function readBlob(cwd: string, { file, object }: TreeEntry): Promise<string> {
  try {
    return await git(cwd, 'cat-file', 'blob', object)
  } catch (cause) {
    throw new AgentEvalError('git has this file and cannot read it', 'input', {
      source: { file },
      hint: whyGitFailed(cause) ?? 'in a partial clone, fetch it first',
      cause,
    })
  }
}
