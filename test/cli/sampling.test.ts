import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  manifestOf,
  newestRun,
  noisyProject,
  noisyProjects,
  type Ran,
  ranTo,
  resultBytes,
  trialLines,
  worse,
} from './noisy-set.ts'
import { type CliOptions, folderWith, runCli, writeFiles } from './run-cli.ts'

const aProject = noisyProjects()
/** Three tasks, one attack, and its benign twin. */
const trialsPerRound = 5
const unchanged = ['--max-trials', '12', '--seed', '4'] as const
const changed = [...worse, '--max-trials', '12', '--seed', '3'] as const

/** A signal that arrives before the given trial starts, in a run that asks for the time before each. */
function interruptedBefore(trial: number): Pick<CliOptions, 'nowMs' | 'onListening'> {
  let send: (signal: 'SIGINT') => void = () => undefined
  let reading = 0
  return {
    onListening: (listener) => (send = listener),
    nowMs: () => {
      // The first reading is the start.
      if (reading === trial) send('SIGINT')
      return (reading += 1)
    },
  }
}

describe('--max-trials', () => {
  it.each([
    ['pass', 0, unchanged, 5],
    ['regression', 1, changed, 2],
  ] as const)(
    'ends a %s as soon as it is clear, with as many trials of every case',
    async (status, code, argv, rounds) => {
      const { exitCode, folder, manifest, result } = await ranTo(argv, { cwd: await aProject() })
      expect([exitCode, result.verdict?.status]).toEqual([code, status])
      const stopped = { why: 'decided', rounds }
      expect(manifest.sampling).toEqual({ maxTrials: 12, firstLook: 1, stopped })
      expect(manifest.options).toMatchObject({ maxTrials: 12 })
      expect(result.verdict?.sampling).toEqual({
        rounds,
        maxRounds: 12,
        alpha: 0.000909090909091,
        stopped: 'decided',
        notReached: 0,
      })
      expect(trialLines(folder)).toHaveLength(trialsPerRound * rounds)
      for (const one of result.cases) {
        expect(one).toMatchObject({ n: rounds, scored: rounds, incomplete: 0 })
      }
      expect(result.metrics.tsr).toMatchObject({ n: 3 * rounds, lost: 0 })
    },
  )

  it('runs all rounds where no look but the last decides', async () => {
    const argv = ['--max-trials', '2', '--seed', '4']
    const { folder, manifest, result } = await ranTo(argv, { cwd: await aProject() })
    expect(manifest.sampling).toEqual({ maxTrials: 2, firstLook: 1 })
    expect(result.verdict).toMatchObject({
      status: 'pass',
      sampling: { rounds: 2, maxRounds: 2, alpha: 0.04, notReached: 0 },
    })
    expect(trialLines(folder)).toHaveLength(2 * trialsPerRound)
  })

  it('looks for the first time after -n trials, and has fewer looks to share the budget', async () => {
    const cwd = await aProject()
    const { manifest, result } = await ranTo([...changed, '-n', '8'], { cwd })
    const stopped = { why: 'decided', rounds: 8 }
    expect(manifest.sampling).toEqual({ maxTrials: 12, firstLook: 8, stopped })
    expect(result.verdict?.sampling?.alpha).toBe(0.0025)
  })

  it('may be a rule of the eval set, and -n beyond it wants all of them', async () => {
    const cwd = await aProject()
    const set = noisyProject['set/evalset.yaml']?.replace('gate: {', 'gate: { max_trials: 12,')
    writeFiles(cwd, { 'set/evalset.yaml': set ?? '' })
    const { manifest } = await ranTo([...worse, '--seed', '3'], { cwd })
    expect(manifest.sampling?.stopped).toEqual({ why: 'decided', rounds: 2 })
    const fewer = await ranTo([...worse, '--seed', '3', '--max-trials', '2'], { cwd })
    expect(fewer.manifest.sampling).toEqual({ maxTrials: 2, firstLook: 1 })
    const all = await ranTo([...worse, '--seed', '3', '-n', '14'], { cwd })
    expect(all.manifest).not.toHaveProperty('sampling')
    expect(trialLines(all.folder)).toHaveLength(14 * trialsPerRound)
    const ungated = await runCli(['run', '--no-gate', '-q'], { cwd })
    expect(ungated.exitCode).toBe(0)
    expect(manifestOf(newestRun(cwd))).not.toHaveProperty('sampling')
  })

  it('does not end a first run: it is the next baseline', async () => {
    const cwd = folderWith(noisyProject)
    const { manifest, result } = await ranTo(['--max-trials', '4'], { cwd })
    expect(manifest.sampling).toEqual({ maxTrials: 4, firstLook: 1 })
    expect(result.verdict?.firstRun).toBe(true)
    expect((await runCli(['baseline', 'update'], { cwd })).exitCode).toBe(0)
  })

  it('ends a first run in which a fact has decided', async () => {
    const forbidden = `
rules:
  - { id: no-refund, tool: orders.refund, condition: "false" }
`
    const set = noisyProject['set/evalset.yaml']?.replace(
      'gate: {',
      'gate: { zero_tolerance: [no-refund],',
    )
    const cwd = folderWith({
      ...noisyProject,
      'set/policy.yaml': forbidden,
      'set/evalset.yaml': set ?? '',
    })
    const argv = ['--max-trials', '9', '--allow-unlinted']
    const { exitCode, manifest } = await ranTo(argv, { cwd })
    expect(exitCode).toBe(1)
    expect(manifest.sampling?.stopped).toEqual({ why: 'decided', rounds: 1 })
  })

  it('gives the same bytes whatever the number of trials in flight', async () => {
    const cwd = await aProject()
    const one = await ranTo([...changed, '-j', '1'], { cwd })
    const many = await ranTo([...changed, '-j', '32'], { cwd })
    expect(resultBytes(many.folder)).toBe(resultBytes(one.folder))
  })

  it('says on stderr how far it went', async () => {
    const { stderr } = await runCli(['run', ...changed], { cwd: await aProject() })
    expect(stderr).toContain('decided after 2 trials of every case\n')
  })

  it('cannot become a baseline when it ended early', async () => {
    const cwd = await aProject()
    await ranTo(unchanged, { cwd })
    expect((await runCli(['baseline', 'update'], { cwd })).exitCode).toBe(2)
  })
})

describe('a run with looks that was killed and resumed', () => {
  /** The folder of a finished run as a kill after so many trials would have left it. */
  function killedAfter(run: Ran, cwd: string, trials: number): string {
    const folder = path.join(cwd, 'agent-eval-results', path.basename(run.folder))
    cpSync(run.folder, folder, { recursive: true })
    rmSync(path.join(folder, 'result.json'))
    const sampling = { ...run.manifest.sampling }
    delete sampling.stopped
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ ...run.manifest, sampling }))
    const kept = trialLines(run.folder).slice(0, trials)
    writeFileSync(path.join(folder, 'trials.jsonl'), kept.map((line) => `${line}\n`).join(''))
    return folder
  }

  it.each([
    ['regression', changed, [0, 3, 5, 6, 9, 10]],
    ['pass', unchanged, [0, 5, 12, 20, 24, 25]],
  ])(
    'ends in the bytes of an undisturbed run, wherever it was killed: %s',
    async (_, argv, kills) => {
      const whole = await ranTo(argv, { cwd: await aProject() })
      const all = trialLines(whole.folder).length
      expect(kills.at(-1)).toBe(all)
      for (const trials of kills) {
        const cwd = await aProject()
        const folder = killedAfter(whole, cwd, trials)
        const resumed = await runCli(['run', '-q', ...argv, '--resume'], { cwd })
        expect([resumed.exitCode, resumed.stderr]).toEqual([whole.exitCode, ''])
        expect(resultBytes(folder)).toBe(resultBytes(whole.folder))
        expect(manifestOf(folder).sampling).toEqual(whole.manifest.sampling)
        expect(trialLines(folder)).toHaveLength(all)
      }
    },
  )

  it('ends so after a signal too', async () => {
    const whole = await ranTo(changed, { cwd: await aProject() })
    const cwd = await aProject()
    const argv = ['run', '-q', ...changed, '--max-duration', '1h']
    const cut = await runCli(argv, { cwd, ...interruptedBefore(8) })
    expect(cut.exitCode).toBe(130)
    expect(existsSync(path.join(newestRun(cwd), 'result.json'))).toBe(false)
    expect((await runCli(['run', '-q', ...changed, '--resume'], { cwd })).exitCode).toBe(1)
    expect(resultBytes(newestRun(cwd))).toBe(resultBytes(whole.folder))
  })

  it('is only concluded where it had ended before its result was written', async () => {
    const cwd = await aProject()
    const whole = await ranTo(changed, { cwd })
    const bytes = resultBytes(whole.folder)
    rmSync(path.join(whole.folder, 'result.json'))
    const resumed = await runCli(['run', '-q', ...changed, '--resume'], { cwd })
    expect(resumed.exitCode).toBe(1)
    expect(resultBytes(whole.folder)).toBe(bytes)
    expect(trialLines(whole.folder)).toHaveLength(2 * trialsPerRound)
  })

  it('is not gone on with by other looks', async () => {
    const cwd = await aProject()
    killedAfter(await ranTo(changed, { cwd: await aProject() }), cwd, 7)
    const later = await runCli(['run', '-q', ...changed, '-n', '2', '--resume'], { cwd })
    expect([later.exitCode, later.stderr]).toEqual([2, expect.stringContaining('looks differs')])
    const more = [...worse, '--max-trials', '13', '--seed', '3', '--resume']
    expect((await runCli(['run', '-q', ...more], { cwd })).exitCode).toBe(2)
  })
})

describe('--max-duration', () => {
  /** A clock on which each reading takes a second; the first is the start, then one before each trial. */
  function ticking(): () => number {
    let reading = 0
    return () => (reading += 1) * 1000
  }

  it('starts no trial after it; cases without one make the run inconclusive under every preset', async () => {
    const cwd = await aProject()
    const argv = ['-n', '3', '-j', '1', '--max-duration', '3s']
    const { exitCode, folder, manifest, result } = await ranTo(argv, { cwd, nowMs: ticking() })
    expect(trialLines(folder)).toHaveLength(2)
    expect(manifest.sampling).toEqual({
      maxTrials: 3,
      firstLook: 3,
      stopped: { why: 'time', rounds: 0 },
    })
    expect(manifest.options).toMatchObject({ maxDuration: 3000 })
    expect([exitCode, result.verdict?.status, result.verdict?.preset]).toEqual([
      3,
      'inconclusive',
      'pr',
    ])
    expect(result.verdict?.sampling).toMatchObject({ rounds: 0, stopped: 'time', notReached: 3 })
    expect(result.verdict?.missingEvidence).toEqual([])
    expect(result.verdict?.cases.removed).toEqual([])
    expect(result.cases.map(({ incomplete, n }) => [n, incomplete])).toEqual([
      [1, 0],
      [1, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ])
  })

  it('decides on what there is once every case was reached', async () => {
    const cwd = await aProject()
    const argv = ['--candidate', 'set/agents/worse.yaml', '-n', '12', '-j', '1']
    const cut = await ranTo([...argv, '--max-duration', '33s'], { cwd, nowMs: ticking() })
    expect(cut.manifest.sampling?.stopped).toEqual({ why: 'time', rounds: 6 })
    expect(trialLines(cut.folder)).toHaveLength(32)
    expect([cut.exitCode, cut.result.verdict?.status]).toEqual([1, 'regression'])
    expect(cut.result.verdict?.sampling).toMatchObject({ alpha: 0.05, notReached: 0 })
    expect(cut.result.cases.map(({ incomplete, n }) => [n, incomplete])).toEqual([
      [7, 0],
      [7, 0],
      [6, 0],
      [6, 0],
      [6, 0],
    ])
  })

  it('makes no difference to a run that needs less', async () => {
    const cwd = await aProject()
    const plain = await ranTo(['-n', '3'], { cwd })
    const timed = await ranTo(['-n', '3', '--max-duration', '2h'], { cwd, nowMs: ticking() })
    expect(resultBytes(timed.folder)).toBe(resultBytes(plain.folder))
    expect(timed.manifest).not.toHaveProperty('sampling')
  })

  it('has no say where nothing is decided', async () => {
    const cwd = await aProject()
    const argv = ['-n', '3', '-j', '1', '--max-duration', '3s', '--no-gate']
    const { exitCode, result } = await ranTo(argv, { cwd, nowMs: ticking() })
    expect(exitCode).toBe(0)
    expect(result).not.toHaveProperty('verdict')
  })

  it('leaves the run to whoever has more of it', async () => {
    const cwd = await aProject()
    const plain = await ranTo(['-n', '3'], { cwd: await aProject() })
    const argv = ['-n', '3', '-j', '1', '--max-duration', '3s']
    const cut = await ranTo(argv, { cwd, nowMs: ticking() })
    expect([cut.exitCode, trialLines(cut.folder).length]).toEqual([3, 2])
    const again = await runCli(['run', '-q', '-n', '3', '--resume'], { cwd })
    expect([again.exitCode, again.stderr]).toEqual([0, ''])
    expect(resultBytes(cut.folder)).toBe(resultBytes(plain.folder))
  })

  it('leaves a killed run to be resumed with another one', async () => {
    const cwd = await aProject()
    const argv = ['run', '-q', '-n', '20']
    const cut = await runCli([...argv, '--max-duration', '1h'], { cwd, ...interruptedBefore(8) })
    expect(cut.exitCode).toBe(130)
    const resumed = await runCli([...argv, '--max-duration', '2h', '--resume'], { cwd })
    expect([resumed.exitCode, resumed.stderr]).toEqual([0, ''])
  })
})

describe('contradictions exit 2 before anything is written', () => {
  it.each([
    ['-n above --max-trials', ['-n', '9', '--max-trials', '8'], /-n 9 is more than --max-trials 8/],
    [
      '--max-trials, nothing to decide',
      ['--max-trials', '8', '--no-gate'],
      /--max-trials needs a verdict/,
    ],
    ['--confirm, nothing to decide', ['--confirm', '--last-failed'], /--confirm needs a verdict/],
    [
      '--skip-unchanged, nothing to decide',
      ['--skip-unchanged', '--no-gate'],
      /--skip-unchanged needs a verdict/,
    ],
    ['no trial at most', ['--max-trials', '0'], /whole number of at least 1/],
    ['a time without a unit', ['--max-duration', '90'], /such as 90s, 10m or 2h/],
    ['no time', ['--max-duration', '0m'], /such as 90s, 10m or 2h/],
    ['half a time', ['--max-duration', '1.5h'], /such as 90s, 10m or 2h/],
    ['two times', ['--max-duration', '1h30m'], /such as 90s, 10m or 2h/],
    ['a negative time', ['--max-duration=-5m'], /such as 90s, 10m or 2h/],
    ['days', ['--max-duration', '1d'], /such as 90s, 10m or 2h/],
  ])('%s', async (_, argv, message) => {
    const cwd = folderWith(noisyProject)
    const { exitCode, stderr, stdout } = await runCli(['run', ...argv], { cwd })
    expect(stderr).toMatch(message)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(existsSync(path.join(cwd, 'agent-eval-results'))).toBe(false)
  })
})
