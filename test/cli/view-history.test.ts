import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { driftReport } from '../../src/schema/drift.ts'
import { type HistoryEntry, type HistoryNight, historyNight } from '../../src/schema/history.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { aNight, nightsOf } from '../builders/history.ts'
import { type CliResult, folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const file = 'set/history.jsonl'
const run = ['run', '--history', '-q', '--no-gate', '-n', '2']

function nightsIn(cwd: string, name = file): readonly HistoryNight[] {
  const text = readFileSync(path.join(cwd, name), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => historyNight.parse(JSON.parse(line)))
}

/** A project with this history of its eval set. */
function projectWith(entries: readonly HistoryEntry[]): string {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  return folderWith({ ...smallProject, [file]: text })
}

const small = { id: 'small', version: '1', hash: 'h' }
const varied = [0.93, 0.92, 0.94, 0.935, 0.925, 0.93, 0.94, 0.93]
const quiet = nightsOf(varied, { evalSet: small })
const dropped = nightsOf([...varied, 0.85, 0.84, 0.86, 0.85], { evalSet: small })

describe('run --history', () => {
  it('adds one line to the history of the eval set, and says so', async () => {
    const cwd = folderWith(smallProject)
    const { exitCode, stderr } = await runCli(['run', '--history', '-q'], {
      cwd,
      today: '2026-03-04T02:13:00.000Z',
    })
    expect([exitCode, stderr]).toEqual([0, `night 1 of ${file}\n`])
    const [night] = nightsIn(cwd)
    expect(night).toMatchObject({
      at: '2026-03-04T02:13:00.000Z',
      tool: '0.1.0',
      evalSet: { id: 'small', version: '1' },
      candidate: { name: 'good' },
      models: { default: 'reference:' },
      agentBehind: 'reference',
      servedModels: ['reference'],
      trials: { planned: 16, scored: 16, lost: 0 },
      verdict: { status: 'pass', exitCode: 0 },
    })
    expect(night?.metrics).toMatchObject({
      asr: { value: 0, n: 4 },
      tsr: { value: 1, n: 12 },
      utilityUnderAttack: { value: 1, n: 4 },
      violationRate: { value: 0, n: 16 },
    })
    expect(night?.metrics.costPerTask?.n).toBe(16)
    expect(night?.metrics.latencyP95).toBeUndefined()
  })

  it('says in the result who answered', async () => {
    const cwd = folderWith(smallProject)
    const { stdout } = await runCli(['run', '--json', '-q', '-n', '1'], { cwd })
    expect(runResult.parse(JSON.parse(stdout)).servedModels).toEqual(['reference'])
  })

  it('records a regression as well, and keeps its exit code', async () => {
    const cwd = folderWith(smallProject)
    await runCli(['run', '-q', '-n', '12', '--no-gate'], { cwd })
    await runCli(['baseline', 'update'], { cwd })
    const mute = ['run', '--history', '-q', '--candidate', 'set/agents/mute.yaml']
    expect((await runCli(mute, { cwd })).exitCode).toBe(1)
    expect(nightsIn(cwd)[0]?.verdict).toEqual({ status: 'regression', exitCode: 1 })
  })

  it('takes another file, and refuses that of another eval set before it spends', async () => {
    const cwd = folderWith({ ...smallProject, 'other.jsonl': `${JSON.stringify(aNight(1))}\n` })
    expect((await runCli([...run, '--history=mine.jsonl'], { cwd })).exitCode).toBe(0)
    expect(nightsIn(cwd, 'mine.jsonl')).toHaveLength(1)
    const { exitCode, stderr } = await runCli([...run, '--history=other.jsonl', '-o', 'new'], {
      cwd,
    })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('other.jsonl: is the history of eval set "support", not of "small"')
    expect(existsSync(path.join(cwd, 'new'))).toBe(false)
  })

  it.each([
    ['some cases', ['--case', 'refund.one'], 'it left out 3 cases'],
    ['observed controls', ['--mode', 'observe'], 'its controls only observed'],
  ])('leaves out a run of %s, and says why', async (_, argv, why) => {
    const cwd = folderWith(smallProject)
    const { exitCode, stderr } = await runCli([...run, ...argv], { cwd })
    expect([exitCode, stderr]).toEqual([0, `this run is not added to ${file}: ${why}\n`])
    expect(existsSync(path.join(cwd, file))).toBe(false)
  })

  it('leaves out the holdout', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/cases/outcome/refund.yaml': `${smallProject['set/cases/outcome/refund.yaml'] ?? ''}split: holdout\n`,
    })
    const { stderr } = await runCli([...run, '--split', 'holdout'], { cwd })
    expect(stderr).toContain(`not added to ${file}: it is of the holdout split`)
    expect(existsSync(path.join(cwd, file))).toBe(false)
  })

  it('records a run once, however often it is finished', async () => {
    const cwd = folderWith(smallProject)
    await runCli(run, { cwd, today: '2026-03-04T02:13:00.000Z' })
    const name = nightsIn(cwd)[0]?.run ?? ''
    const { stderr } = await runCli([...run, '--resume', name], { cwd })
    expect(stderr).toContain(`${file} holds this run already`)
    expect(nightsIn(cwd)).toHaveLength(1)
  })

  it('spends nothing where the history cannot be kept', async () => {
    const cwd = folderWith(smallProject)
    symlinkSync(path.join(cwd, 'elsewhere'), path.join(cwd, file))
    const { exitCode, stderr } = await runCli([...run, '-o', 'new'], { cwd })
    expect([exitCode, existsSync(path.join(cwd, 'new'))]).toEqual([2, false])
    expect(stderr).toContain(`${file}: is a link`)
  })

  it('does not take the name of an eval set for a file', async () => {
    const cwd = folderWith(smallProject)
    const { exitCode, stderr } = await runCli(['run', '--history', 'set'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('set: is a folder')
    expect(stderr).toContain('--history=FILE')
  })

  it('refuses to leave out the nights on which nothing of yours changed', async () => {
    const cwd = folderWith(smallProject)
    const { exitCode, stderr } = await runCli(['run', '--history', '--skip-unchanged', '-q'], {
      cwd,
    })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--skip-unchanged leaves nights out of a history')
  })
})

describe('view --history', () => {
  const view = (cwd: string, ...argv: readonly string[]): Promise<CliResult> =>
    runCli(['view', '--history', ...argv], { cwd })

  it('exits 0 where nothing has changed for good', async () => {
    const { exitCode, stderr, stdout } = await view(projectWith(quiet))
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^no drift in 8 nights: tasks done\n/)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('no drift')
  })

  it('exits 1 while an alarm is open, and 0 from when it is handled', async () => {
    const cwd = projectWith(dropped)
    const open = await view(cwd)
    expect(open.exitCode).toBe(1)
    expect(open.stdout).toMatch(/^drift: tasks done dropped since about 2026-01-09\n/)
    expect(open.stdout).toContain("npx agent-eval view --history set --handled 'why'")

    const before = readFileSync(path.join(cwd, file), 'utf8')
    for (const unreadable of ['', 'x'.repeat(501)]) {
      const refused = await view(cwd, '--handled', unreadable)
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('handled: ')])
    }
    expect(readFileSync(path.join(cwd, file), 'utf8')).toBe(before)

    const handled = await view(cwd, 'set', '--handled', 'the vendor moved the model')
    expect([handled.exitCode, handled.stderr]).toEqual([0, ''])
    const after = await view(cwd)
    expect(after.exitCode).toBe(0)
    expect(after.stdout).toContain('handled: the vendor moved the model')

    const again = await view(cwd, '--handled', 'again')
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('no alarm is open')])
  })

  it('prints a document for programs', async () => {
    const { exitCode, stdout } = await view(projectWith(dropped), '--json')
    expect(exitCode).toBe(1)
    const { charts, nights, status } = driftReport.parse(JSON.parse(stdout))
    expect([status, nights.length]).toEqual(['drift', 12])
    expect(charts.find((chart) => chart.id === 'tsr')?.alarms).toMatchObject([{ changedFrom: 9 }])
  })

  it('reads a file by its name, without a project', async () => {
    const text = quiet.map((night) => JSON.stringify(night)).join('\n')
    const cwd = folderWith({ 'nights.jsonl': `${text}\n{"torn` })
    const { exitCode, stderr, stdout } = await view(cwd, '--file', 'nights.jsonl', '--last', '1')
    expect([exitCode, stderr]).toEqual([
      0,
      'nights.jsonl: the last line was torn and is passed over\n',
    ])
    expect(stdout.match(/^ +\d+ {2}2026-/gm)).toHaveLength(1)
    expect((await view(cwd, 'set', '--file', 'nights.jsonl')).exitCode).toBe(2)
  })

  it('shows every eval set of the project, and fails by any', async () => {
    const cwd = projectWith(quiet)
    writeFiles(cwd, {
      'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set, other]\n',
      'other/history.jsonl': dropped.map((night) => `${JSON.stringify(night)}\n`).join(''),
    })
    const both = await view(cwd)
    expect(both.exitCode).toBe(1)
    expect(both.stdout).toContain('no drift in 8 nights')
    expect(both.stdout).toContain('drift: tasks done dropped')
    expect((await view(cwd, 'set')).exitCode).toBe(0)
    expect((JSON.parse((await view(cwd, '--json')).stdout) as unknown[]).length).toBe(2)
  })

  it('lists the last nights that are asked for', async () => {
    const { stdout } = await view(projectWith(dropped), '--last', '3')
    expect(stdout.match(/^ +\d+ {2}2026-/gm)).toHaveLength(3)
  })

  it('uses blocks where the locale has them, and never on a dumb terminal', async () => {
    const cwd = projectWith(quiet)
    const printed = async (env: Readonly<Record<string, string>>): Promise<boolean> =>
      /[▁-█]/.test((await runCli(['view', '--history'], { cwd, env })).stdout)
    expect(await printed({ LANG: 'C.UTF-8' })).toBe(true)
    expect(await printed({ WT_SESSION: '1' })).toBe(true)
    expect(await printed({})).toBe(false)
    expect(await printed({ LANG: 'C.UTF-8', LC_ALL: 'C' })).toBe(false)
    expect(await printed({ LANG: 'C.UTF-8', TERM: 'dumb' })).toBe(false)
  })

  it.each([
    ['no history', [], 'there is no history yet'],
    ['an empty file', [''], 'holds no night'],
    ['a broken line', ['{}\n'], `${file}:1: is no line of a history`],
  ])('%s is exit 2', async (_, texts, words) => {
    const cwd = folderWith({ ...smallProject, ...(texts[0] !== undefined && { [file]: texts[0] }) })
    const { exitCode, stderr, stdout } = await view(cwd)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain(words)
  })

  it('keeps a hostile model name from acting on a terminal or a CI log', async () => {
    const name = '\u001b]0;owned\u0007\u001b[31mgpt\u001b[2J\n::error::injected ##[error]x'
    const nights = dropped.map((night, index) =>
      index < 8
        ? night
        : { ...night, servedModels: [name], candidate: { ...night.candidate, name } },
    )
    const cwd = projectWith(nights)
    const { exitCode, stdout } = await runCli(['view', '--history'], { cwd, env: { CI: 'true' } })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('model moved')
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('\u0007')
    expect(stdout).not.toMatch(/^\s*::/m)
    expect(stdout).not.toContain('##[')
  })
})
