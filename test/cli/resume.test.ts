import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runResult } from '../../src/schema/run-result.ts'
import { trialLine } from '../../src/schema/trial.ts'
import { finishedTrials, runBin, runBinUntil } from './real-process.ts'
import { folderWith, runCli } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const trials = 150
const argv = [
  'run',
  '--no-gate',
  '-q',
  '--candidate',
  'set/agents/noisy.yaml',
  '-n',
  String(trials),
]

function onlyRun(cwd: string): string {
  const names = readdirSync(path.join(cwd, 'agent-eval-results'))
  const run = names.find((name) => name.startsWith('small-')) ?? ''
  return path.join(cwd, 'agent-eval-results', run)
}

function resultBytes(cwd: string): string {
  return readFileSync(path.join(onlyRun(cwd), 'result.json'), 'utf8')
}

describe('a run that was killed and resumed', () => {
  const undisturbed = folderWith(smallProject)

  it.each<[NodeJS.Signals, number | null]>([
    ['SIGKILL', null],
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('%s: ends in the bytes of an undisturbed run', async (signal, code) => {
    if (finishedTrials(path.join(undisturbed, 'agent-eval-results')) === 0) {
      expect(runBin(argv, undisturbed).status).toBe(0)
    }
    const cwd = folderWith(smallProject)
    const ended = await runBinUntil(argv, cwd, { signal, trials: 20 })
    expect(ended.code).toBe(code)
    const atKill = finishedTrials(path.join(cwd, 'agent-eval-results'))
    expect(atKill).toBeGreaterThanOrEqual(20)
    expect(atKill).toBeLessThan(5 * trials)

    const resumed = runBin([...argv, '--resume'], cwd)
    expect(resumed.status, resumed.stderr).toBe(0)
    expect(resultBytes(cwd)).toBe(resultBytes(undisturbed))
  })

  it('never says more passes than its rows hold', async () => {
    const cwd = folderWith(smallProject)
    await runBinUntil(argv, cwd, { signal: 'SIGKILL', trials: 20 })
    const rows = readFileSync(path.join(onlyRun(cwd), 'trials.jsonl'), 'utf8')
      .split('\n')
      .flatMap((line) => (isWhole(line) ? [trialLine.parse(JSON.parse(line))] : []))
    const passes = rows.filter((row) => row.outcome === 'pass' && row.twinOf === undefined).length

    const { stdout } = await runCli(['report', onlyRun(cwd), '--json'], { cwd })
    const { cases, metrics } = runResult.parse(JSON.parse(stdout))
    expect(metrics.tsr.events + metrics.utilityUnderAttack.events).toBe(passes)
    const open = cases.reduce((sum, one) => sum + one.incomplete, 0)
    expect(open).toBe(5 * trials - rows.length)
  })

  it('does a torn last line again, and says so', async () => {
    const cwd = folderWith(smallProject)
    await runBinUntil(argv, cwd, { signal: 'SIGKILL', trials: 20 })
    const file = path.join(onlyRun(cwd), 'trials.jsonl')
    const whole = readFileSync(file, 'utf8').lastIndexOf('\n') + 1
    truncateSync(file, whole)
    appendFileSync(file, '{"case":"refund.one","tri')
    const resumed = runBin([...argv, '--resume'], cwd)
    expect(resumed.status, resumed.stderr).toBe(0)
    expect(resumed.stderr).toContain('torn')
    expect(resultBytes(cwd)).toBe(resultBytes(undisturbed))
  })

  it('starts a line of its own where only the newline was lost', async () => {
    const cwd = folderWith(smallProject)
    await runBinUntil(argv, cwd, { signal: 'SIGKILL', trials: 20 })
    const file = path.join(onlyRun(cwd), 'trials.jsonl')
    truncateSync(file, readFileSync(file, 'utf8').lastIndexOf('\n') + 1)
    truncateSync(file, statSync(file).size - 1)
    expect(runBin([...argv, '--resume'], cwd).status).toBe(0)
    expect(resultBytes(cwd)).toBe(resultBytes(undisturbed))
  })

  it('is not continued with other inputs', async () => {
    const cwd = folderWith(smallProject)
    await runBinUntil(argv, cwd, { signal: 'SIGKILL', trials: 20 })
    const other = runBin([...argv, '--seed', '2', '--resume'], cwd)
    expect(other.status).toBe(2)
    expect(other.stderr).toContain('was made with other inputs: provenance differs')
  })

  it('refuses to become a baseline while trials are open', async () => {
    const cwd = folderWith(smallProject)
    await runBinUntil(argv, cwd, { signal: 'SIGKILL', trials: 20 })
    const { exitCode, stderr } = await runCli(['baseline', 'update'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/trials of the run are not finished/)
  })
})

describe('several eval sets of which only the first was begun', () => {
  const more = Object.fromEntries(
    Object.entries(smallProject)
      .filter(([file]) => file.startsWith('set/'))
      .map(([file, text]) => [
        file.replace('set/', 'more/'),
        text.replace('id: small', 'id: more'),
      ]),
  )
  const project = (smallProject['agent-eval.yaml'] ?? '').replace('[set]', '[set, more]')
  const run = ['run', '--no-gate', '-q', '-n', '2']

  it('goes on with that one and starts the other', async () => {
    const cwd = folderWith({ ...smallProject, ...more, 'agent-eval.yaml': project })
    expect((await runCli([...run, 'set'], { cwd })).exitCode).toBe(0)
    const begun = onlyRun(cwd)
    rmSync(path.join(begun, 'result.json'))
    const resumed = await runCli([...run, '--resume'], { cwd })
    expect(resumed.exitCode).toBe(0)
    expect(resumed.stderr).toContain('more: no run of it is unfinished')
    const runs = readdirSync(path.dirname(begun)).filter((name) => /^(?:small|more)-/.test(name))
    expect(runs).toHaveLength(2)
    for (const name of runs) {
      expect(readdirSync(path.join(path.dirname(begun), name))).toContain('result.json')
    }
    const again = await runCli([...run, '--resume'], { cwd })
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringContaining('there is no unfinished run'),
    ])
  })
})

describe('the real program', () => {
  it('prints help with examples and exit codes', () => {
    const { status, stdout } = runBin(['--help'], folderWith())
    expect(status).toBe(0)
    expect(stdout).toMatch(/Exit codes:\n\s+0\s+pass\n\s+1\s+regression/)
  })

  it('exits 1 for a regression', () => {
    const cwd = folderWith(smallProject)
    expect(runBin(['run', '--no-gate', '-q', '-n', '12'], cwd).status).toBe(0)
    expect(runBin(['baseline', 'update'], cwd).status).toBe(0)
    expect(runBin(['run', '-q'], cwd).status).toBe(0)
    expect(runBin(['run', '-q', '--candidate', 'set/agents/mute.yaml'], cwd).status).toBe(1)
  })
})

function isWhole(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
