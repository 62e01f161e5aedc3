import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { skippedRun } from '../../../src/schema/skipped-run.ts'
import { committed, git } from '../git-repo.ts'
import { noisyProject, noisyProjects, runsOf } from '../noisy-set.ts'
import { type CliOptions, type CliResult, runCli, writeFiles } from '../run-cli.ts'

const aProject = noisyProjects()
let today: string

beforeAll(async () => {
  // The age of a baseline is counted from the clock that commits it.
  today = git(committed(await aProject()), 'log', '-1', '--format=%cI').trim()
})

async function aRepository(): Promise<string> {
  return committed(await aProject())
}

function runUnlessUnchanged(
  cwd: string,
  argv: readonly string[] = [],
  more: Partial<CliOptions> = {},
): Promise<CliResult> {
  return runCli(['run', '-n', '2', '--skip-unchanged', ...argv], { cwd, today, ...more })
}

describe('--skip-unchanged', () => {
  it('runs nothing where nothing changed, and says what was compared', async () => {
    const cwd = await aRepository()
    const { exitCode, stderr, stdout } = await runUnlessUnchanged(cwd)
    expect([exitCode, stderr]).toEqual([0, ''])
    const [head, ...lines] = stdout.trimEnd().split('\n')
    expect(head).toBe('small: skipped, nothing changed')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    const said = lines.map((line) => line.trim()).join(' ')
    expect(said.replace(/agent-eval \d\S*/, 'agent-eval VERSION')).toBe(
      'Compared with the baseline set/baseline.json: agent noisy (prompt, policy, tools, budgets, ' +
        'models and all other settings), eval set small 1 (cases, world, judging policy and gate) ' +
        'and agent-eval VERSION are the same. Nothing was run, and nothing was decided anew.',
    )
    expect(runsOf(cwd)).toEqual([])
  })

  it('gives programs a document, and reports a file that says so', async () => {
    const cwd = await aRepository()
    const { stdout } = await runUnlessUnchanged(cwd, ['--json'])
    const document = skippedRun.parse(JSON.parse(stdout))
    expect(document.baseline).toBe('set/baseline.json')
    expect(document.provenance.candidate.name).toBe('noisy')
    await runUnlessUnchanged(cwd, ['-r', 'terminal', '-r', 'markdown:out/report.md'])
    const lines = readFileSync(path.join(cwd, 'out/report.md'), 'utf8').split('\n')
    expect(lines.slice(0, 2)).toEqual([
      '<!-- agent-eval:comment v1 evalset=small -->',
      '### agent-eval (small): skipped, nothing changed',
    ])
  })

  it('is off unless asked for', async () => {
    const cwd = await aRepository()
    expect((await runCli(['run', '-n', '2', '-q'], { cwd, today })).exitCode).toBe(0)
    expect(runsOf(cwd)).toHaveLength(1)
  })

  const agent = 'set/agents/noisy.yaml'
  const set = noisyProject['set/evalset.yaml'] ?? ''
  const refund = noisyProject['set/cases/outcome/refund.yaml'] ?? ''

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'another prompt',
      {
        [agent]:
          'agent: { name: noisy, prompt: Hurry., models: { default: "reference:?mute=0.3" } }',
      },
      'prompt',
    ],
    [
      'another model',
      { [agent]: 'agent: { name: noisy, models: { default: "reference:?mute=0.31" } }' },
      'model default: reference:?mute=0.3 → reference:?mute=0.31',
    ],
    [
      'another case',
      { 'set/cases/outcome/refund.yaml': refund.replace('Please', 'Pray') },
      'eval set',
    ],
    ['another margin', { 'set/evalset.yaml': set.replace('0.35', '0.4') }, 'eval set'],
    ['another version of the set', { 'set/evalset.yaml': set.replace('"1"', '"2"') }, 'eval set'],
  ])('runs for %s, and says so', async (_, files, why) => {
    const cwd = await aRepository()
    writeFiles(cwd, files)
    const { stderr } = await runUnlessUnchanged(cwd)
    expect(stderr).toContain(`set is run: ${why}`)
    expect(runsOf(cwd)).toHaveLength(1)
  })

  it.each<[string, readonly string[], Partial<CliOptions>, string]>([
    ['there is nothing to compare with', ['--baseline', 'none'], {}, 'there is no baseline'],
    ['the baseline is old', [], { today: '2999-01-01T00:00:00.000Z' }, 'its baseline is'],
    ['an override makes another agent', ['--set', 'prompt=Hurry.'], {}, 'prompt'],
  ])('runs where %s', async (_, argv, more, why) => {
    const cwd = await aRepository()
    const { stderr } = await runUnlessUnchanged(cwd, argv, more)
    expect(stderr).toContain(`set is run: ${why}`)
    expect(runsOf(cwd)).toHaveLength(1)
  })

  it('runs where the baseline is in no commit, or was changed since', async () => {
    const nowhere = await aProject()
    expect((await runUnlessUnchanged(nowhere)).stderr).toContain('nobody knows how old')
    const cwd = await aRepository()
    const file = path.join(cwd, 'set/baseline.json')
    writeFiles(cwd, { 'set/baseline.json': `${readFileSync(file, 'utf8')}\n` })
    expect((await runUnlessUnchanged(cwd)).stderr).toContain('nobody knows how old')
  })

  it('runs against a run as the baseline: that one is of no commit', async () => {
    const cwd = await aRepository()
    await runCli(['run', '-n', '2', '-q'], { cwd })
    const [run = ''] = runsOf(cwd)
    const { stderr } = await runUnlessUnchanged(cwd, ['--baseline', run])
    expect(stderr).toContain('set is run: its baseline is of no commit')
  })

  it('runs where a waiver has expired since', async () => {
    const cwd = await aProject()
    const waiver = '{ rule: own-orders, reason: known, owner: ana, expires: 2020-01-01 }'
    writeFiles(cwd, { 'set/evalset.yaml': set.replace('gate: {', `gate: { waivers: [${waiver}],`) })
    await runCli(['run', '-n', '4', '--no-gate', '-q'], { cwd })
    await runCli(['baseline', 'update'], { cwd })
    committed(cwd)
    expect((await runUnlessUnchanged(cwd)).stderr).toContain('set is run: a waiver has expired')
  })

  it('goes on with a run that was begun', async () => {
    const cwd = await aRepository()
    await runCli(['run', '-n', '2', '-q'], { cwd, today })
    const [run = ''] = runsOf(cwd)
    const { stderr } = await runUnlessUnchanged(cwd, ['--resume', run])
    expect(stderr).toContain('set is run: it goes on with a run that was begun')
  })

  describe('in a pull request', () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' }

    async function aBranch(files: Readonly<Record<string, string>>): Promise<string> {
      const cwd = await aRepository()
      git(cwd, 'checkout', '-q', '-b', 'change')
      writeFiles(cwd, files)
      git(cwd, 'add', '--', '.', ':!agent-eval-results')
      git(cwd, 'commit', '-q', '-m', 'change')
      return cwd
    }

    it('skips a change that touches neither agent nor eval set', async () => {
      const cwd = await aBranch({ 'README.md': 'Words.\n' })
      const { exitCode, stdout } = await runUnlessUnchanged(cwd, [], { env })
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('skipped, nothing changed')])
      expect(stdout).toMatch(/baseline git:[0-9a-f]{12}:set\/baseline\.json/)
    })

    it('runs for a change that brings another baseline and nothing else', async () => {
      const cwd = await aRepository()
      const text = readFileSync(path.join(cwd, 'set/baseline.json'), 'utf8')
      writeFiles(cwd, { 'set/baseline.json': text.replace(/"passed":\d+/, '"passed":1') })
      git(cwd, 'checkout', '-q', '-b', 'change')
      git(cwd, 'commit', '-q', '-a', '-m', 'lower the bar')
      const { stderr } = await runUnlessUnchanged(cwd, [], { env })
      expect(stderr).toContain('set is run: the change touches set/baseline.json')
    })

    it('runs against a baseline that the change names instead of that of its base', async () => {
      const cwd = await aBranch({ 'README.md': 'Words.\n' })
      const argv = ['--baseline', 'set/baseline.json']
      const { stderr } = await runUnlessUnchanged(cwd, argv, { env })
      expect(stderr).toContain('set is run: its baseline is not that of the base')
    })
  })
})
