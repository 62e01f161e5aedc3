import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { reporters } from '../../src/report/registry.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../cli/run-cli.ts'
import { type HostileKind, hostileAgents, hostileProject, hostileSets } from './hostile-project.ts'

export const kinds = ['says', 'fails', 'acts'] as const satisfies readonly HostileKind[]

/** What one `agent-eval run` in a GitHub job printed and wrote. */
interface HostileRun {
  readonly kind: HostileKind
  readonly printed: CliResult
  readonly summary: string
  readonly outputs: string
  /** One run folder an eval set, relative to the project. */
  readonly folders: readonly string[]
}

/** The project with all its runs. */
export interface HostileDesk {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly baselines: readonly string[]
  readonly runs: readonly HostileRun[]
}

export const commit = 'a1'.repeat(20)

/** Measures an honest agent as the baseline of every set, then runs the hostile ones against it. */
export async function runHostileProject(): Promise<HostileDesk> {
  const cwd = folderWith(hostileProject())
  const honest = await runCli(['run', '--allow-unlinted', '--no-gate', '-q', '-o', 'honest'], {
    cwd,
  })
  expect([honest.exitCode, honest.stderr]).toEqual([0, ''])
  const baselines = foldersIn(cwd, 'honest')
  for (const [at, { id }] of hostileSets.entries()) {
    const from = baselines[at] ?? ''
    const { exitCode } = await runCli(['baseline', 'update', from, '--evalset', id], { cwd })
    expect(exitCode).toBe(0)
  }
  const env = githubJob(cwd)
  const runs: HostileRun[] = []
  for (const kind of kinds) runs.push(await runHostile(kind, cwd, env))
  return { cwd, env, baselines, runs }
}

async function runHostile(
  kind: HostileKind,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<HostileRun> {
  writeFiles(cwd, hostileAgents(kind))
  const files = { GITHUB_STEP_SUMMARY: `${cwd}/${kind}.md`, GITHUB_OUTPUT: `${cwd}/${kind}.txt` }
  // Each trial in flight has a process of its own where the agent is a function.
  const argv = ['run', '--allow-unlinted', '-j', '2', '-o', kind]
  const printed = await runCli(argv, { cwd, env: { ...env, ...files } })
  return {
    kind,
    printed,
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    outputs: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
    folders: foldersIn(cwd, kind),
  }
}

/** In the order of the sets. */
function foldersIn(cwd: string, folder: string): readonly string[] {
  const names = readdirSync(path.join(cwd, folder))
  return hostileSets.map(({ id }) => {
    const name = names.find((one) => one.startsWith(`${id}-2`)) ?? 'missing'
    return `${folder}/${name}`
  })
}

function githubJob(cwd: string): Readonly<Record<string, string>> {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '77',
    GITHUB_SHA: commit,
    GITHUB_WORKSPACE: cwd,
  }
}

/** Each run of the desk in one format: as files, and as it is printed into the log of a job. */
export interface Rendered {
  readonly files: readonly string[]
  readonly printed: CliResult
}

export async function renderAll(desk: HostileDesk, reporter: string): Promise<Rendered> {
  const { cwd, env, runs } = desk
  const all = runs.flatMap(({ folders }) => folders)
  const files: string[] = []
  for (const { folders, kind } of runs) {
    const out = `out/${kind}-{evalset}.${reporter}`
    await expectDone(['report', ...folders, '-r', `${reporter}:${out}`], { cwd, env })
    for (const { id } of hostileSets) {
      const file = path.join(cwd, out.replace('{evalset}', id))
      expect(existsSync(file), file).toBe(true)
      files.push(readFileSync(file, 'utf8'))
    }
  }
  const printed = await runCli(['report', ...all, '-r', reporter], { cwd, env })
  // A page in a log is refused: nobody can read it there.
  expect(printed.exitCode, printed.stderr).toBe(reporter === 'html' ? 2 : 0)
  return { files, printed }
}

async function expectDone(
  argv: readonly string[],
  options: Parameters<typeof runCli>[1],
): Promise<CliResult> {
  const done = await runCli(argv, options)
  expect(done.exitCode, done.stderr).toBe(0)
  return done
}

export const reporterIds: readonly string[] = [...reporters.keys()]
