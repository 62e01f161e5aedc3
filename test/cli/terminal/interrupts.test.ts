import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { trialLine } from '../../../src/schema/trial.ts'
import { bin, runBin } from '../real-process.ts'
import { folderWith } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

/** Answers at once eight times, then hangs, and does not end when it is asked to; until it may. */
const agent = `
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
process.on('SIGTERM', () => {})
const begun = readdirSync('.').filter((name) => name.startsWith('begun-')).length
writeFileSync('begun-' + process.pid, '')
if (begun >= 8 && !existsSync('may-go-on')) {
  writeFileSync('hangs-' + process.pid, '')
  setTimeout(() => {}, 60_000)
} else {
  process.stdin.resume()
  process.stdin.once('data', () => process.stdout.write('O-2 cost $90.\\n', () => process.exit(0)))
}
`

const project = {
  ...smallProject,
  'set/agents/slow.yaml': `
agent:
  name: slow
  target: { command: [node, agent.mjs], protocol: text, files: [agent.mjs] }
`,
  'set/agents/agent.mjs': agent,
}

const argv = ['run', '--no-gate', '-n', '6', '-j', '2', '--candidate', 'set/agents/slow.yaml']
const planned = 5 * 6

interface Started {
  readonly child: ChildProcess
  readonly cwd: string
  readonly said: () => string
  readonly ended: Promise<number | null>
  /** Processes of agents that hang. */
  readonly hanging: () => readonly number[]
}

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** A run that has finished seven trials or eight, and hangs in two others. */
async function hangingRun(): Promise<Started> {
  const cwd = folderWith(project)
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }
  const child = spawn(process.execPath, [bin, ...argv], { cwd, env, stdio: 'pipe' })
  started.push(child)
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const agents = path.join(cwd, 'set/agents')
  const hanging = (): readonly number[] =>
    readdirSync(agents)
      .filter((name) => name.startsWith('hangs-'))
      .map((name) => Number(name.slice('hangs-'.length)))
  await until(() => hanging().length === 2)
  return { child, cwd, ended, hanging, said: () => said }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('waited for half a minute')
    await sleep(10)
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function isRunning(pid: number): boolean {
  // A process that has ended may wait for its parent to take notice.
  const status = `/proc/${pid}/stat`
  return existsSync(status) && !readFileSync(status, 'utf8').includes(') Z ')
}

/** All lines of the only run, each of which must be whole. */
function finished(cwd: string): number {
  const output = path.join(cwd, 'agent-eval-results')
  const [run = ''] = readdirSync(output).filter((name) => name.startsWith('small-'))
  const text = readFileSync(path.join(output, run, 'trials.jsonl'), 'utf8')
  expect(text.endsWith('\n')).toBe(true)
  const lines = text.trimEnd().split('\n')
  for (const line of lines) trialLine.parse(JSON.parse(line))
  return lines.length
}

/** Goes on without what made agents hang. */
function resume(cwd: string): ReturnType<typeof runBin> {
  writeFileSync(path.join(cwd, 'set/agents/may-go-on'), '')
  return runBin([...argv, '--resume'], cwd)
}

describe.each([
  ['SIGINT', 130, 'Ctrl-C again'],
  ['SIGTERM', 143, 'a second signal'],
] as const)('%s while agents hang', (signal, code, again) => {
  it('keeps what was finished, says how to go on, and ends in good order', async () => {
    const run = await hangingRun()
    run.child.kill(signal)
    expect(await run.ended).toBe(code)
    expect(run.said()).toMatch(
      new RegExp(
        `${signal}: finished trials are kept; go on with: npx agent-eval run .* --resume small-`,
      ),
    )
    expect(run.said()).toContain(`ending the trials in flight; ${again} ends at once\n`)
    const kept = finished(run.cwd)
    expect(kept).toBeGreaterThanOrEqual(7)
    expect(run.hanging().filter(isRunning)).toEqual([])
    const resumed = resume(run.cwd)
    expect(resumed.status, resumed.stderr).toBe(0)
    expect(resumed.stderr).toContain(`${planned - kept} of ${planned} left`)
    expect(finished(run.cwd)).toBe(planned)
  })

  it('twice ends at once, with whole lines and no agent left behind', async () => {
    const run = await hangingRun()
    run.child.kill(signal)
    await sleep(400)
    expect(run.child.exitCode).toBeNull()
    const startMs = performance.now()
    run.child.kill(signal)
    expect(await run.ended).toBe(code)
    expect(performance.now() - startMs).toBeLessThan(1_000)
    expect(run.said()).not.toContain('something ended the process')
    expect(finished(run.cwd)).toBeGreaterThanOrEqual(7)
    await until(() => run.hanging().every((pid) => !isRunning(pid)))
    expect(resume(run.cwd).status).toBe(0)
    expect(finished(run.cwd)).toBe(planned)
  })

  it('that arrives twice for one key press is one', async () => {
    const run = await hangingRun()
    run.child.kill(signal)
    await sleep(20)
    run.child.kill(signal)
    await sleep(300)
    expect(run.child.exitCode).toBeNull()
    expect(await run.ended).toBe(code)
    expect(run.said()).toContain('ending the trials in flight')
  })
})
