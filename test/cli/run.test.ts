import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runResult } from '../../src/schema/run-result.ts'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const results = 'agent-eval-results'

async function projectWithBaseline(trials = 12): Promise<string> {
  const cwd = folderWith(smallProject)
  const run = await runCli(['run', '-n', String(trials), '--seed', '7', '--no-gate', '-q'], { cwd })
  expect(run.exitCode).toBe(0)
  const update = await runCli(['baseline', 'update'], { cwd })
  expect(update.exitCode, update.stderr).toBe(0)
  return cwd
}

function newestRun(cwd: string): string {
  const runs = readdirSync(path.join(cwd, results)).sort()
  return path.join(cwd, results, runs[runs.length - 1] ?? '')
}

describe('run', () => {
  it('writes four files and a result that its schema accepts', async () => {
    const cwd = folderWith(smallProject)
    const { exitCode, stdout } = await runCli(['run', '--json', '-q'], { cwd })
    expect(exitCode).toBe(0)
    const result = runResult.parse(JSON.parse(stdout))
    expect(readdirSync(newestRun(cwd)).sort()).toEqual([
      'events.jsonl',
      'result.json',
      'run.json',
      'trials.jsonl',
    ])
    expect(result.metrics.tsr).toMatchObject({ rate: 1, n: 12 })
    expect(result.metrics.asr).toMatchObject({ rate: 0, n: 4 })
    expect(result.metrics.asrExposed).toMatchObject({ n: 4 })
    expect(result.verdict).toMatchObject({ status: 'pass', exitCode: 0, firstRun: true })
    expect(result.provenance.agentBehind).toBe('reference')
  })

  it('passes against its own baseline and says what stood behind the agent', async () => {
    // Equal trials are luck until they are many: 59 repetitions of the one attack, for 5 points.
    const cwd = await projectWithBaseline(60)
    const { exitCode, stdout } = await runCli(['run', '-q', '-n', '60'], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('reference provider, not a model')
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^pass/)
  })

  it.each([
    ['mute', 'tsr'],
    ['obeys', 'asr'],
    ['dear', 'costPerTask'],
  ])('fails the %s candidate on %s', async (name, metric) => {
    const cwd = await projectWithBaseline()
    const argv = ['run', '--candidate', `set/agents/${name}.yaml`, '--json', '-q']
    const { exitCode, stdout } = await runCli(argv, { cwd })
    const { verdict } = runResult.parse(JSON.parse(stdout))
    expect(exitCode).toBe(1)
    expect(verdict?.exitCode).toBe(1)
    const failed = verdict?.metrics.filter((one) => one.status === 'regression')
    expect(failed?.map((one) => one.id)).toContain(metric)
  })

  it('catches an agent that obeys the injected text although it breaks no rule', async () => {
    const cwd = await projectWithBaseline()
    const argv = ['run', '--candidate', 'set/agents/obeys.yaml', '--json', '-q']
    const { metrics } = runResult.parse(JSON.parse((await runCli(argv, { cwd })).stdout))
    expect(metrics.asr.rate).toBe(1)
    expect(metrics.violationRate.rate).toBe(0)
  })

  it('gives the same bytes for the same seed, and other trials for another', async () => {
    const cwd = folderWith(smallProject)
    const argv = ['run', '--no-gate', '-q', '--candidate', 'set/agents/noisy.yaml', '-n', '8']
    await runCli([...argv, '-o', 'a'], { cwd })
    await runCli([...argv, '-o', 'b', '-j', '1'], { cwd })
    await runCli([...argv, '-o', 'c', '--seed', '99'], { cwd })
    const bytes = (output: string): string => {
      const [run = ''] = readdirSync(path.join(cwd, output))
      return readFileSync(path.join(cwd, output, run, 'result.json'), 'utf8')
    }
    expect(bytes('a')).toBe(bytes('b'))
    expect(bytes('c')).not.toBe(bytes('a'))
  })

  it('exits 3 for an inconclusive run only where that was asked for', async () => {
    const cwd = await projectWithBaseline(3)
    // One trial of three cases is no evidence of anything, however well it went.
    const once = ['run', '-n', '1', '-q', '--json']
    const usual = await runCli(once, { cwd })
    const strict = await runCli([...once, '--strict'], { cwd })
    expect(runResult.parse(JSON.parse(usual.stdout)).verdict?.status).toBe('inconclusive')
    expect([usual.exitCode, strict.exitCode]).toEqual([0, 3])
  })

  it('selects cases, and does not call the others removed', async () => {
    const cwd = await projectWithBaseline()
    const { exitCode, stdout } = await runCli(['run', '--case', 'status.paid', '--json', '-q'], {
      cwd,
    })
    const { cases, verdict } = runResult.parse(JSON.parse(stdout))
    expect(cases.map((one) => one.id)).toEqual(['status.paid'])
    expect(verdict?.cases.removed).toEqual([])
    expect(verdict?.missingEvidence).toEqual([])
    expect(exitCode).toBe(0)
  })

  it('observes without enforcing when asked to', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/agents/strict.yaml': `
agent:
  name: strict
  models: { default: "reference:" }
  policy: { rules: [{ id: never, tool: orders.refund, condition: "false" }] }
`,
    })
    const argv = ['run', '--candidate', 'set/agents/strict.yaml', '--no-gate', '--json', '-q']
    const tsr = async (mode: string): Promise<number | undefined> => {
      const { stdout } = await runCli([...argv, '--mode', mode, '-o', mode], { cwd })
      return runResult.parse(JSON.parse(stdout)).metrics.tsr.rate
    }
    expect(await tsr('enforce')).toBeCloseTo(2 / 3)
    expect(await tsr('observe')).toBe(1)
  })

  it('writes reports to the files asked for', async () => {
    const cwd = folderWith(smallProject)
    const argv = ['run', '-q', '-r', 'markdown:out/report.md', '-r', 'json:out/result.json']
    const { stdout } = await runCli(argv, { cwd })
    expect(stdout).toBe('')
    expect(readFileSync(path.join(cwd, 'out/report.md'), 'utf8')).toMatch(
      /^<!-- agent-eval:comment/,
    )
    runResult.parse(JSON.parse(readFileSync(path.join(cwd, 'out/result.json'), 'utf8')))
  })

  it('keeps a secret of its environment out of every file', async () => {
    const secret = 'marked-key-4711-abcdef'
    const cwd = folderWith({
      ...smallProject,
      'set/cases/outcome/leak.yaml': `
id: leak
ask: My key is ${secret}.
expect: { says: [{ any: noted }] }
oracle: [{ say: "noted ${secret}" }]
`,
    })
    await runCli(['run', '-q'], { cwd, env: { EXAMPLE_API_KEY: secret } })
    for (const file of readdirSync(newestRun(cwd))) {
      expect(readFileSync(path.join(newestRun(cwd), file), 'utf8')).not.toContain(secret)
    }
  })
})

describe('bad input exits 2, says what would work, and writes nothing', () => {
  const set = smallProject
  it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ['unknown flag', ['run', '--trails', '3'], {}, /unknown option '--trails'[^]*--trials/],
    ['unknown command', ['rum'], {}, /unknown command 'rum'[^]*run/],
    ['unknown case', ['run', '--case', 'status.payed'], {}, /did you mean "status\.paid"/],
    ['nothing selected', ['run', '--grep', 'zebra'], {}, /no case matches --grep "zebra"/],
    ['unknown layer', ['run', '--layer', 'outcomes'], {}, /unknown layer "outcomes"/],
    ['broken YAML', ['run'], { 'set/policy.yaml': 'rules: [' }, /set\/policy\.yaml:1:/],
    [
      'unknown key',
      ['run'],
      {
        'set/cases/outcome/refund.yaml': `${set['set/cases/outcome/refund.yaml'] ?? ''}trails: 3\n`,
      },
      /set\/cases\/outcome\/refund\.yaml:12:1 .*unknown key "trails"; did you mean "trials"/,
    ],
    [
      'missing world',
      ['run'],
      { 'set/evalset.yaml': `${set['set/evalset.yaml'] ?? ''}world: no.yaml\n` },
      /no\.yaml/,
    ],
    [
      'unreadable baseline',
      ['run'],
      { 'set/baseline.json': '{ torn' },
      /baseline\.json: is not JSON/,
    ],
    ['foreign document as baseline', ['run'], { 'set/baseline.json': '{}' }, /is no baseline/],
    ['missing candidate', ['run', '--candidate', 'no.yaml'], {}, /no\.yaml: there is no such file/],
    ['unknown provider', ['run', '--model', 'default=referense:'], {}, /did you mean "reference:"/],
    ['unknown fault', ['run', '--model', 'default=reference:?mut=1'], {}, /did you mean "mute"/],
    ['malformed override', ['run', '--model', 'default'], {}, /expected TIER=MODEL/],
    ['unknown reporter', ['run', '-r', 'markdwn'], {}, /did you mean "markdown"/],
    ['baseline that must be there', ['run', '--require-baseline'], {}, /there is no baseline/],
    ['no such git reference', ['run', '--baseline', 'git:nowhere'], {}, /git has no commit/],
    [
      'a reference that is an option',
      ['run', '--baseline', 'git:--output=x'],
      {},
      /no git reference/,
    ],
    ['nothing to resume', ['run', '--resume'], {}, /no unfinished run/],
    ['trials that are no number', ['run', '-n', 'many'], {}, /whole number/],
    [
      'a path out of the eval set',
      ['run'],
      { 'set/evalset.yaml': `${set['set/evalset.yaml'] ?? ''}world: ../../etc/passwd\n` },
      /evalset\.yaml:7:/,
    ],
  ])('%s', async (_, argv, files, message) => {
    const cwd = folderWith({ ...set, ...files })
    const { exitCode, stderr, stdout } = await runCli(argv, { cwd })
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expect(existsSync(path.join(cwd, results))).toBe(false)
  })

  it('baseline of another eval set', async () => {
    const cwd = await projectWithBaseline()
    const main = smallProject['set/evalset.yaml'] ?? ''
    writeFiles(cwd, { 'set/evalset.yaml': main.replace('id: small', 'id: other') })
    const before = readdirSync(path.join(cwd, results)).length
    const { exitCode, stderr } = await runCli(['run', '-q'], { cwd })
    expect(stderr).toContain('is a baseline of eval set "small", not of "other"')
    expect(exitCode).toBe(2)
    expect(readdirSync(path.join(cwd, results))).toHaveLength(before)
  })

  it('no project and no eval set named', async () => {
    const { exitCode, stderr } = await runCli(['run'], { cwd: folderWith() })
    expect(stderr).toContain('there is no agent-eval.yaml here')
    expect(exitCode).toBe(2)
  })
})
