import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { folderWith, writeFiles } from '../cli/run-cli.ts'

/** A git repository in a folder of its own, with a commit on `main`. */
export interface Repository {
  readonly folder: string
  /** Runs git in it and gives what it printed. */
  readonly git: (...argv: readonly string[]) => string
  /** Writes files; one that is `undefined` is deleted. */
  readonly edit: (files: Readonly<Record<string, string | undefined>>) => void
  readonly read: (file: string) => string
  /** Commits everything there is, and gives the commit. */
  readonly commit: (message: string) => string
}

/** Nothing of the machine's own configuration, and no clock: the same commits everywhere. */
const env = {
  PATH: process.env['PATH'] ?? '',
  // Without it no program starts on Windows.
  ...(process.env['SystemRoot'] !== undefined && { SystemRoot: process.env['SystemRoot'] }),
  GIT_CONFIG_GLOBAL: path.join(tmpdir(), 'agent-eval-test-no-git-config'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '2026-11-20T10:00:00Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_COMMITTER_DATE: '2026-11-20T10:00:00Z',
}

/** A repository in a folder that is one already. */
export function repositoryIn(folder: string): Repository {
  const git = (...argv: readonly string[]): string =>
    execFileSync('git', argv, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trim()
  return {
    folder,
    git,
    edit(files) {
      for (const [file, text] of Object.entries(files)) {
        if (text === undefined) rmSync(path.join(folder, file))
        else writeFiles(folder, { [file]: text })
      }
    },
    read: (file) => readFileSync(path.join(folder, file), 'utf8'),
    commit(message) {
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '-m', message)
      return git('rev-parse', 'HEAD')
    },
  }
}

/** A new repository with these files on `main`. Runs are not committed. */
export function repositoryWith(files: Readonly<Record<string, string>>): Repository {
  const repository = repositoryIn(folderWith({ '.gitignore': 'agent-eval-results/\n', ...files }))
  repository.git('init', '--quiet', '--initial-branch', 'main')
  repository.commit('first')
  return repository
}

/** The same repository once more, with all its history. */
export function copyOf({ folder }: Repository): Repository {
  const copy = mkdtempSync(path.join(tmpdir(), 'agent-eval-test-'))
  cpSync(folder, copy, { recursive: true })
  return repositoryIn(copy)
}

/**
 * What a CI host checks out: a clone of one commit, with so much of its history.
 *
 * @param ref - the branch to clone; it is checked out as a detached HEAD
 */
export function checkout(
  { folder }: Repository,
  ref: string,
  options: readonly string[] = [],
): Repository {
  const clone = mkdtempSync(path.join(tmpdir(), 'agent-eval-test-'))
  const argv = ['clone', '--quiet', ...options, '--branch', ref, pathToFileURL(folder).href, clone]
  execFileSync('git', argv, { env, stdio: 'pipe' })
  const repository = repositoryIn(clone)
  repository.git('checkout', '--quiet', '--detach')
  return repository
}
