import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { FakeGitHub } from '../../fake-servers/github.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../run-cli.ts'

export const head = 'a1'.repeat(20)
export const newer = 'b2'.repeat(20)

/** A job of a pull request: its folder, and what GitHub says to it. */
export interface Desk {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Runs `report --to github-comment` on what lies in `results/`. */
  readonly report: (
    argv?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<CliResult>
  readonly write: (documents: Readonly<Record<string, unknown>>) => void
  readonly summary: () => string
  readonly outputs: () => string
}

/** @param event - what stands at GITHUB_EVENT_PATH; default: a pull request, number 5 */
export function aDesk(
  github: FakeGitHub,
  documents: Readonly<Record<string, unknown>>,
  event: unknown = { pull_request: { number: 5, head: { sha: head } } },
): Desk {
  const cwd = folderWith({ 'event.json': JSON.stringify(event) })
  const env = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '77',
    GITHUB_TOKEN: github.token,
    GITHUB_WORKSPACE: cwd,
    GITHUB_EVENT_PATH: path.join(cwd, 'event.json'),
    GITHUB_STEP_SUMMARY: path.join(cwd, 'summary.md'),
    GITHUB_OUTPUT: path.join(cwd, 'output.txt'),
  }
  const textOf = (name: string): string => {
    const file = path.join(cwd, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  const write = (files: Readonly<Record<string, unknown>>): void => {
    for (const [name, document] of Object.entries(files)) {
      const text = typeof document === 'string' ? document : JSON.stringify(document)
      writeFiles(cwd, { [path.join('results', name)]: text })
    }
  }
  write(documents)
  return {
    cwd,
    env,
    write,
    report: (argv = [], more = {}) =>
      runCli(['report', 'results', '--to', 'github-comment', ...argv], {
        cwd,
        env: { ...env, ...more },
      }),
    summary: () => textOf('summary.md'),
    outputs: () => textOf('output.txt'),
  }
}
