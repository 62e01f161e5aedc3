import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { gateAa, gatePower, gateSelfTest } from '../../src/schema/gate-check.ts'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const results = 'agent-eval-results'
const noisy = ['--candidate', 'set/agents/noisy.yaml']

async function madeRun(cwd: string, ...more: string[]): Promise<string> {
  const { exitCode } = await runCli(['run', '--no-gate', '-q', ...more], { cwd })
  expect(exitCode).toBe(0)
  const runs = readdirSync(path.join(cwd, results)).filter((name) => name.startsWith('small-'))
  return runs.sort().at(-1) ?? ''
}

const why = { reason: 'something had changed', events: [] }

/** Every trial of the later half fails, as if something had changed in the middle of the run. */
function breakLaterHalf(cwd: string, run: string, trials: number): void {
  const file = path.join(cwd, results, run, 'trials.jsonl')
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const broken = lines.map((line) => {
    const trial = JSON.parse(line) as { readonly trial: number; readonly trajectoryHash: string }
    const outcome = trial.trial > trials / 2 ? 'fail' : 'pass'
    const grades = [{ grader: 'effects', status: outcome, ...(outcome === 'fail' && why) }]
    const trajectoryHash = `${trial.trajectoryHash}${trial.trial}`
    return JSON.stringify({ ...trial, outcome, grades, trajectoryHash })
  })
  writeFiles(cwd, { [`${results}/${run}/trials.jsonl`]: `${broken.join('\n')}\n` })
}

describe('gate', () => {
  it('prints its examples and questions without one', async () => {
    const { exitCode, stderr } = await runCli(['gate'], { cwd: folderWith() })
    expect(stderr).toContain('agent-eval gate aa ')
    for (const name of ['aa', 'self-test', 'power']) expect(stderr).toContain(`  ${name} [options]`)
    expect(exitCode).toBe(2)
  })

  it('needs a name where the project has several eval sets', async () => {
    const config = (smallProject['agent-eval.yaml'] ?? '').replace('[set]', '[set, other]')
    const cwd = folderWith({ ...smallProject, 'agent-eval.yaml': config })
    const { exitCode, stderr } = await runCli(['gate', 'power'], { cwd })
    expect(stderr).toContain('several eval sets')
    expect(stderr).toContain('name one of set, other')
    expect(exitCode).toBe(2)
    expect((await runCli(['gate', 'power', 'set'], { cwd })).exitCode).toBe(0)
  })
})

describe('gate aa', () => {
  it('plays both arms in memory and finds no alarm', async () => {
    const cwd = folderWith(smallProject)
    const argv = ['gate', 'aa', ...noisy, '-n', '20', '-q']
    const { exitCode, stdout } = await runCli(argv, { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^This gate does not cry wolf/)
    expect(stdout).toContain('small: 4 cases, 20 against 20 trials of each by noisy (reference')
    expect(stdout).toContain('npx agent-eval gate self-test set\n')
    expect(existsSync(path.join(cwd, results))).toBe(false)
  })

  it('is one document as JSON, the same for the same seed', async () => {
    const cwd = folderWith(smallProject)
    const argv = ['gate', 'aa', ...noisy, '-n', '6', '--json', '-q']
    const first = await runCli(argv, { cwd })
    const document = gateAa.parse(JSON.parse(first.stdout))
    expect(document).toMatchObject({ status: 'calm', exitCode: 0, seed: 1, unit: 'trial' })
    expect(document.splits.map(({ splits }) => splits)).toEqual([200, 200, 200])
    expect((await runCli([...argv, '-j', '1'], { cwd })).stdout).toBe(first.stdout)
    expect((await runCli([...argv, '--seed', '5'], { cwd })).stdout).not.toBe(first.stdout)
  })

  it('takes the trials of a run that is there already', async () => {
    const cwd = folderWith(smallProject)
    const run = await madeRun(cwd, ...noisy, '-n', '10')
    const { exitCode, stdout } = await runCli(['gate', 'aa', '--from', run], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('5 against 5 trials of each by noisy')
    expect(stdout).toContain(`from ${run}`)
  })

  it('exits 1 where the gate fails an agent against itself', async () => {
    const cwd = folderWith(smallProject)
    const run = await madeRun(cwd, '-n', '20')
    breakLaterHalf(cwd, run, 20)
    const { exitCode, stdout } = await runCli(['gate', 'aa', '--from', run], { cwd })
    expect(stdout).toMatch(/^This gate cries wolf/)
    expect(exitCode).toBe(1)
  })

  it('judges by the rules of now where an eval set is named', async () => {
    const cwd = folderWith(smallProject)
    const run = await madeRun(cwd, '-n', '20')
    breakLaterHalf(cwd, run, 20)
    const evalset = `${smallProject['set/evalset.yaml'] ?? ''}gate: { metrics: [costPerTask] }\n`
    writeFiles(cwd, { 'set/evalset.yaml': evalset })
    expect((await runCli(['gate', 'aa', 'set', '--from', run], { cwd })).exitCode).toBe(0)
  })

  it('refuses a run of another eval set, and one without two trials of a case', async () => {
    const cwd = folderWith(smallProject)
    const run = await madeRun(cwd, '-n', '1')
    const single = await runCli(['gate', 'aa', '--from', run], { cwd })
    expect(single.stderr).toContain('no case has two trials')
    expect(single.exitCode).toBe(2)
    const other = (smallProject['set/evalset.yaml'] ?? '').replace('id: small', 'id: other')
    writeFiles(cwd, { 'set/evalset.yaml': other })
    const foreign = await runCli(['gate', 'aa', 'set', '--from', run], { cwd })
    expect(foreign.stderr).toContain(`${run} is a run of "small", not of "other"`)
    expect(foreign.exitCode).toBe(2)
  })

  it('decides nothing when it is interrupted', async () => {
    const cwd = folderWith(smallProject)
    const argv = ['gate', 'aa', '-n', '500']
    const { exitCode, stderr, stdout } = await runCli(argv, {
      cwd,
      onListening: (send) => {
        setImmediate(() => {
          send('SIGINT')
        })
      },
    })
    expect(stderr).toContain('SIGINT: nothing was decided, and no trial was kept')
    expect(stdout).toBe('')
    expect(exitCode).toBe(130)
  })
})

describe('gate self-test', () => {
  it('exits 0 where every fault is stopped', async () => {
    // One attack only, so that a wider margin has to make up for it.
    const evalset = `${smallProject['set/evalset.yaml'] ?? ''}gate: { margins: { asr: 0.1 } }\n`
    const cwd = folderWith({ ...smallProject, 'set/evalset.yaml': evalset })
    const { exitCode, stdout } = await runCli(['gate', 'self-test', '-n', '60', '-q'], { cwd })
    expect(stdout).toMatch(/^This gate catches regressions: it stopped all 6 faulty agents/)
    expect(exitCode).toBe(0)
    expect(existsSync(path.join(cwd, results))).toBe(false)
  })

  it('exits 1 and says what would pass where trials are too few', async () => {
    const cwd = folderWith(smallProject)
    const { exitCode, stdout } = await runCli(['gate', 'self-test', '-n', '2', '-q'], { cwd })
    expect(stdout).toContain('An agent that loses its last words (10 % of trials) would pass.')
    expect(exitCode).toBe(1)
  })

  it('needs no candidate, and none of its controls stops a fault', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/evalset.yaml': (smallProject['set/evalset.yaml'] ?? '').replace(/candidate.*\n/, ''),
    })
    const { stdout } = await runCli(['gate', 'self-test', '-n', '4', '--json', '-q'], { cwd })
    const document = gateSelfTest.parse(JSON.parse(stdout))
    expect(document.rows.find(({ id }) => id === 'silent')).toMatchObject({ asExpected: true })
    expect(document.trials).toEqual({ candidate: 4, baseline: 12 })
  })
})

describe('gate power', () => {
  it('plans from the committed baseline', async () => {
    const cwd = folderWith(smallProject)
    await madeRun(cwd, ...noisy, '-n', '12')
    await runCli(['baseline', 'update'], { cwd })
    const { exitCode, stdout } = await runCli(['gate', 'power', '--json'], { cwd })
    const document = gatePower.parse(JSON.parse(stdout))
    expect(exitCode).toBe(0)
    expect(document.basis).toEqual({
      kind: 'baseline',
      from: 'set/baseline.json',
      behind: 'reference',
      trials: 12,
      cases: 4,
      missing: 0,
    })
    expect(document).toMatchObject({ trials: 4, cases: 4, twins: 1, unpriced: 0 })
    expect(document.plans.map(({ trials }) => trials)).toEqual([1, 2, 3, 4, 5, 10, 20])
    expect(document.plans[1]?.costUsd).toBeCloseTo(2 * (document.plans[0]?.costUsd ?? 0), 9)
  })

  it('leaves out cases that are not what they were', async () => {
    const cwd = folderWith(smallProject)
    await madeRun(cwd, '-n', '3')
    await runCli(['baseline', 'update'], { cwd })
    const changed = (smallProject['set/cases/outcome/refund.yaml'] ?? '').replace(
      'ask: I',
      'ask: I,',
    )
    writeFiles(cwd, { 'set/cases/outcome/refund.yaml': changed })
    const { stdout } = await runCli(['gate', 'power', '--json'], { cwd })
    expect(gatePower.parse(JSON.parse(stdout)).basis).toMatchObject({ cases: 3, missing: 1 })
  })

  it('says what it assumes where there is none', async () => {
    const cwd = folderWith(smallProject)
    const { stdout } = await runCli(['gate', 'power', '--assume-tsr', '0.9', '-n', '2'], { cwd })
    expect(stdout).toContain('no baseline, so this is assumed: 90.0 % of tasks done')
    expect(stdout).toContain('npx agent-eval baseline update --evalset set\n')
  })

  it('refuses a share that is none', async () => {
    const cwd = folderWith(smallProject)
    const { exitCode, stderr } = await runCli(['gate', 'power', '--assume-tsr', '74'], { cwd })
    expect(stderr).toContain('expected a share between 0 and 1')
    expect(exitCode).toBe(2)
  })
})
