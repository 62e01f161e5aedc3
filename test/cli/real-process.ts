import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'agent-eval.js')

const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }

/** The real program, to its end. */
export function runBin(
  argv: readonly string[],
  cwd: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stderr, stdout } = spawnSync(process.execPath, [bin, ...argv], {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** The real program, sent a signal once it has finished at least `trials` trials. */
export async function runBinUntil(
  argv: readonly string[],
  cwd: string,
  { signal, trials }: { readonly signal: NodeJS.Signals; readonly trials: number },
): Promise<{ readonly code: number | null; readonly killedBy: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [bin, ...argv], { cwd, env, stdio: 'ignore' })
  const ended = new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, killedBy) => {
      resolve({ code, killedBy })
    })
  })
  await hasFinished(child, path.join(cwd, 'agent-eval-results'), trials)
  child.kill(signal)
  return ended
}

async function hasFinished(child: ChildProcess, output: string, trials: number): Promise<void> {
  while (child.exitCode === null && finishedTrials(output) < trials) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export function finishedTrials(output: string): number {
  if (!existsSync(output)) return 0
  const file = readdirSync(output)
    .map((run) => path.join(output, run, 'trials.jsonl'))
    .find((trials) => existsSync(trials))
  return file !== undefined ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}
