import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparison } from '../../src/schema/run-result.ts'
import { folderWith, runCli } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const baselineFile = 'set/baseline.json'

describe('one project, looked at from every side', () => {
  let cwd = ''
  const runs = { good: '', obeys: '' }
  const read = (file: string): string => readFileSync(path.join(cwd, file), 'utf8')
  const onlyRunIn = (output: string): string =>
    `${output}/${readdirSync(path.join(cwd, output))[0] ?? ''}`

  beforeAll(async () => {
    cwd = folderWith(smallProject)
    await runCli(['run', '--no-gate', '-q', '-n', '12', '-o', 'good'], { cwd })
    const obeys = ['--candidate', 'set/agents/obeys.yaml']
    await runCli(['run', '--no-gate', '-q', '-n', '12', '-o', 'obeys', ...obeys], { cwd })
    runs.good = onlyRunIn('good')
    runs.obeys = onlyRunIn('obeys')
  })

  it('compare: two runs, with the exit code of the verdict', async () => {
    const worse = await runCli(['compare', runs.good, runs.obeys, '--json'], { cwd })
    const { verdict } = comparison.parse(JSON.parse(worse.stdout))
    expect(verdict.metrics.find((one) => one.id === 'asr')?.status).toBe('regression')
    expect([worse.exitCode, verdict.exitCode]).toEqual([1, 1])
    const back = await runCli(['compare', runs.obeys, runs.good], { cwd })
    expect(back.exitCode).toBe(0)
  })

  it('compare: from result files alone gives the same verdict', async () => {
    const fromRuns = await runCli(['compare', runs.good, runs.obeys, '--json'], { cwd })
    const files = [`${runs.good}/result.json`, `${runs.obeys}/result.json`]
    const fromFiles = await runCli(['compare', ...files, '--json'], { cwd })
    const verdictOf = (text: string): unknown => {
      const { verdict } = comparison.parse(JSON.parse(text))
      return { ...verdict, baseline: { ...verdict.baseline, from: 'somewhere' } }
    }
    expect(verdictOf(fromFiles.stdout)).toEqual(verdictOf(fromRuns.stdout))
  })

  it('compare: says what it takes', async () => {
    const none = await runCli(['compare', runs.good, runs.good, runs.good], { cwd })
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('one or two runs')])
    const alone = await runCli(['compare', runs.good, '--baseline', 'none'], { cwd })
    expect([alone.exitCode, alone.stderr]).toEqual([
      2,
      expect.stringContaining('nothing to compare'),
    ])
  })

  it('baseline: update, show, diff; stable bytes, one case a line', async () => {
    const update = await runCli(['baseline', 'update', '--from', runs.good], { cwd })
    expect(update.stdout.replaceAll(/\s+/g, ' ')).toContain('; commit it to accept it')
    const first = read(baselineFile)
    await runCli(['baseline', 'update', '--from', runs.good], { cwd })
    expect(read(baselineFile)).toBe(first)
    expect(first.split('\n').filter((line) => line.startsWith('{"'))).toHaveLength(5)
    expect(first).not.toMatch(/2026-/)

    const show = await runCli(['baseline', 'show'], { cwd })
    expect(show.stdout).toContain('inject.note')
    const same = await runCli(['baseline', 'diff', '--from', runs.good], { cwd })
    expect(same.stdout).toMatch(/^\d+ cases alike\n/)
    expect(same.stdout.replaceAll(/\s+/g, ' ')).toContain(`then ${baselineFile}: small`)
    const placed = await runCli(['baseline', 'show', 'set'], { cwd })
    expect(placed.stdout).toBe(show.stdout)
    const twice = await runCli(['baseline', 'show', 'set', '--evalset', 'other'], { cwd })
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('named twice')])
    const worse = await runCli(['baseline', 'diff', '--from', runs.obeys], { cwd })
    expect(worse.stdout).toMatch(/changed +inject\.note/)
  })

  it('baseline: from a git commit', async () => {
    await runCli(['baseline', 'update', '--from', runs.good], { cwd })
    const git = (...argv: readonly string[]): unknown => execFileSync('git', argv, { cwd })
    git('init', '-q', '-b', 'main')
    git(
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@example.com',
      'commit',
      '-qm',
      'x',
      '--allow-empty',
    )
    git('add', 'set')
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'baseline')
    writeFileSync(path.join(cwd, baselineFile), '{ broken')

    const here = await runCli(['run', '-q'], { cwd })
    expect([here.exitCode, here.stderr]).toEqual([2, expect.stringContaining('is not JSON')])
    const committed = await runCli(['run', '-q', '--baseline', 'git:HEAD'], { cwd })
    expect(committed.exitCode, committed.stderr).toBe(0)
    const before = await runCli(['run', '-q', '--baseline', 'git:HEAD~1'], { cwd })
    expect(before.stdout).toContain('first run')
  })

  it('baseline: a part of the set cannot become one', async () => {
    await runCli(['run', '--no-gate', '-q', '--case', 'refund.one', '-o', 'part'], { cwd })
    const { exitCode, stderr } = await runCli(['baseline', 'update', '--from', onlyRunIn('part')], {
      cwd,
    })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('left out 3 cases')])
  })

  it('report: renders again without deciding', async () => {
    const { exitCode, stdout } = await runCli(['report', runs.obeys, '-r', 'markdown'], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^<!-- agent-eval:comment v1 evalset=small -->/)
  })

  it('show: a run, a case, a trial; and names what there is where there is no such thing', async () => {
    const run = await runCli(['show', runs.obeys], { cwd })
    expect(run.stdout).toMatch(/inject\.note +12\/12/)
    const trial = await runCli(['show', `${runs.obeys}/inject.note#3`], { cwd })
    expect(trial.stdout).toContain('orders.refund')
    expect(trial.stdout).toMatch(/attack/)
    expect((await runCli(['show', `${runs.obeys}/inject.note`], { cwd })).stdout).toContain(
      'inject.note#',
    )
    const typo = await runCli(['show', `${runs.obeys}/inject.nite`], { cwd })
    expect([typo.exitCode, typo.stderr]).toEqual([
      2,
      expect.stringContaining('did you mean "inject.note"'),
    ])
    const far = await runCli(['show', `${runs.obeys}/inject.note#99`], { cwd })
    expect(far.stderr).toContain('#1 to #12')
  })
})
