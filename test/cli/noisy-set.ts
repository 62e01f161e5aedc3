import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { type RunResult, runResult } from '../../src/schema/run-result.ts'
import { type CliOptions, type CliResult, folderWith, runCli } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const results = 'agent-eval-results'

/**
 * The small set, its agent failing now and then: trials that are all alike leave nothing to chance, and
 * then nothing to stop early. Only what so few trials can prove is gated.
 */
export const noisyProject: Readonly<Record<string, string>> = {
  ...smallProject,
  'set/evalset.yaml': `
apiVersion: agent-eval/v1
id: small
version: "1"
candidate: agents/noisy.yaml
defaults: { trials: 4 }
gate: { metrics: [tsr], margins: { tsr: 0.35 } }
`,
  'set/agents/worse.yaml': `
agent: { name: worse, models: { default: "reference:?mute=0.8" } }
`,
}

export const worse = ['--candidate', 'set/agents/worse.yaml'] as const

/** The rules of the noisy project with this margin instead of one that a dozen trials can prove. */
export function withMargin(margin: number): Readonly<Record<string, string>> {
  const set = noisyProject['set/evalset.yaml'] ?? ''
  return { ...noisyProject, 'set/evalset.yaml': set.replace('0.35', String(margin)) }
}

/** Makes a project with a baseline of thirty trials; each call gives a copy of its own. */
export function noisyProjects(files = noisyProject): () => Promise<string> {
  let original: Promise<string> | undefined
  return async () => {
    original ??= withBaseline(files)
    const copy = folderWith()
    cpSync(await original, copy, { recursive: true })
    return copy
  }
}

async function withBaseline(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = folderWith(files)
  const measured = await runCli(['run', '-n', '30', '--no-gate', '-q'], { cwd })
  const updated = await runCli(['baseline', 'update'], { cwd })
  if (measured.exitCode + updated.exitCode > 0) throw new Error(measured.stderr + updated.stderr)
  // What lint found stays there for the copies.
  for (const run of runsOf(cwd)) rmSync(path.join(cwd, results, run), { recursive: true })
  return cwd
}

export interface Ran extends CliResult {
  readonly folder: string
  readonly manifest: RunManifest
  readonly result: RunResult
}

/** `run --json -q` to its end, and what it left behind. */
export async function ranTo(argv: readonly string[], options: CliOptions): Promise<Ran> {
  const ran = await runCli(['run', '--json', '-q', ...argv], options)
  if (ran.stdout === '') throw new Error(ran.stderr)
  const folder = newestRun(options.cwd)
  return {
    ...ran,
    folder,
    manifest: manifestOf(folder),
    result: runResult.parse(JSON.parse(ran.stdout)),
  }
}

export function newestRun(cwd: string): string {
  const runs = runsOf(cwd).filter((run) => !run.includes('-confirm-'))
  return path.join(cwd, results, runs.at(-1) ?? '')
}

/** Names of all runs, oldest first. */
export function runsOf(cwd: string): readonly string[] {
  return readdirSync(path.join(cwd, results))
    .filter((name) => name.startsWith('small-'))
    .sort()
}

export function manifestOf(folder: string): RunManifest {
  return runManifest.parse(JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')))
}

export function resultBytes(folder: string): string {
  return readFileSync(path.join(folder, 'result.json'), 'utf8')
}

/** Lines of finished trials, in the order in which they finished. */
export function trialLines(folder: string): readonly string[] {
  return readFileSync(path.join(folder, 'trials.jsonl'), 'utf8').split('\n').slice(0, -1)
}
