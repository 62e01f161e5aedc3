import { existsSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  configSections,
  type EffectiveSet,
  type EffectiveValue,
  effectiveConfig,
} from '../../../src/schema/effective-config.ts'
import { copyOf, type Repository } from '../../pull-request/repository.ts'
import { onGitHub, setFile, setWith, shopWithBaseline } from '../../pull-request/shop.ts'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

interface Asked {
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

async function printed(cwd: string, { argv = [], env = {} }: Asked = {}): Promise<EffectiveSet> {
  const asked = ['run', '--print-config', '--json', ...argv]
  const { exitCode, stderr, stdout } = await runCli(asked, { cwd, env })
  if (exitCode !== 0) throw new Error(stderr)
  const [only, ...more] = effectiveConfig.parse(JSON.parse(stdout)).evalSets
  if (only === undefined || more.length > 0) throw new Error(`not one set: ${more.length}`)
  return only
}

function valueOf(
  { sections }: EffectiveSet,
  section: (typeof configSections)[number],
  key: string,
): EffectiveValue | undefined {
  return sections.find(({ name }) => name === section)?.values.find((one) => one.key === key)
}

const project = {
  ...smallProject,
  'agent-eval.yaml': `apiVersion: agent-eval/v1
evalsets: [set]
models:
  default: "reference:"
  spare: "reference:?mute=1"
trials: 5
money: { confirm_above_usd: 2 }
`,
  'set/evalset.yaml': `apiVersion: agent-eval/v1
id: small
version: "1"
candidate: agents/good.yaml
defaults: { trials: 4 }
gate:
  margins: { tsr: 0.1 }
`,
  'set/agents/good.yaml': `agent:
  name: good
  budgets: { max_tool_calls: 9 }
sampling: { temperature: 0.5 }
`,
}

describe('--print-config', () => {
  it('runs nothing and writes nothing', async () => {
    const cwd = folderWith(project)
    const { exitCode, stderr } = await runCli(['run', '--print-config'], { cwd })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(existsSync(path.join(cwd, 'agent-eval-results'))).toBe(false)
  })

  it('takes the reporters of a run along, and says how they and others came to be', async () => {
    const argv = ['-r', 'junit:a.xml', '--shard', 'auto', '--no-gate']
    const env = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3', NO_COLOR: '1' }
    const { exitCode, stderr, stdout } = await runCli(['run', '--print-config', ...argv], {
      cwd: folderWith(project),
      env,
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const lines = stdout.split('\n')
    expect(lines).toContain('  reporter: ["junit:a.xml"]  # --reporter')
    expect(lines.find((line) => line.startsWith('  shard: '))).toContain('here 2/3')
    expect(lines).toContain('  github: false  # default')
    expect(lines).toContain('  watch: false  # default')
    expect(lines.find((line) => line.startsWith('  color: false'))).toContain('NO_COLOR')
  })

  it('refuses a reporter that there is not', async () => {
    const argv = ['run', '--print-config', '-r', 'junitt']
    const { exitCode, stderr } = await runCli(argv, { cwd: folderWith(project) })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('did you mean "junit"')])
  })

  it('names the line of the file that says so', async () => {
    const set = await printed(folderWith(project))
    const inSet = path.join('set', 'evalset.yaml')
    const agent = path.join('set', 'agents', 'good.yaml')
    const found = [
      valueOf(set, 'run', 'candidate'),
      valueOf(set, 'run', 'trials'),
      valueOf(set, 'project', 'money.confirm_above_usd'),
      valueOf(set, 'gate', 'margins.tsr'),
      valueOf(set, 'candidate', 'budgets.max_tool_calls'),
      valueOf(set, 'candidate', 'sampling.temperature'),
      valueOf(set, 'candidate', 'models.spare'),
    ]
    expect(found.map((one) => [one?.value, one?.source])).toEqual([
      ['agents/good.yaml', { from: 'file', file: inSet, line: 4 }],
      [5, { from: 'file', file: 'agent-eval.yaml', line: 6 }],
      [2, { from: 'file', file: 'agent-eval.yaml', line: 7 }],
      [0.1, { from: 'file', file: inSet, line: 7 }],
      [9, { from: 'file', file: agent, line: 3 }],
      [0.5, { from: 'file', file: agent, line: 4 }],
      ['reference:?mute=1', { from: 'file', file: 'agent-eval.yaml', line: 5 }],
    ])
  })

  it('names nobody for what nobody says', async () => {
    const set = await printed(folderWith(project))
    for (const [section, key] of [
      ['run', 'seed'],
      ['run', 'concurrency'],
      ['gate', 'alpha'],
      ['gate', 'margins.asr'],
      ['candidate', 'approvals.tier_3'],
    ] as const) {
      expect([key, valueOf(set, section, key)?.source]).toEqual([key, { from: 'default' }])
    }
    expect(valueOf(set, 'candidate', 'versions.policy')?.source.from).toBe('derived')
  })

  it('lets the command line beat the files, and shows no value that was typed as where it is from', async () => {
    const set = await printed(folderWith(project), {
      argv: [
        ...['-n', '2', '--seed', '9', '-j', '3', '--budget', '4', '--max-duration', '10m'],
        ...['--set', 'budgets.max_tool_calls=6', '--model', 'default=reference:?mute=0.5'],
        ...['--case', 'refund.one', '-o', 'elsewhere'],
      ],
    })
    const flags = set.sections.flatMap(({ values }) =>
      values.flatMap(({ key, source, value }) =>
        source.from === 'flag' ? [[key, value, source.flag]] : [],
      ),
    )
    expect(flags).toEqual([
      ['case', ['refund.one'], '--case'],
      ['trials', 2, '--trials'],
      ['max_duration_seconds', 600, '--max-duration'],
      ['seed', 9, '--seed'],
      ['budget_usd', 4, '--budget'],
      ['concurrency', 3, '--jobs'],
      ['output', 'elsewhere', '--output'],
      ['reporter', ['json'], '--json'],
      ['models.default', 'reference:?mute=0.5', '--model default'],
      ['budgets.max_tool_calls', 6, '--set budgets.max_tool_calls'],
    ])
  })

  it('says why a run decides nothing', async () => {
    const looks = await printed(folderWith(project), { argv: ['--mode', 'observe'] })
    expect(valueOf(looks, 'run', 'gate')).toMatchObject({
      value: false,
      source: { from: 'derived' },
    })
    const told = await printed(folderWith(project), { argv: ['--no-gate'] })
    expect(valueOf(told, 'run', 'gate')).toMatchObject({
      value: false,
      source: { flag: '--no-gate' },
    })
  })

  it('knows secrets by the names of their variables only', async () => {
    const secret = 'hunter2-hunter2-hunter2'
    const cwd = folderWith({
      ...project,
      'agent-eval.yaml': `apiVersion: agent-eval/v1
evalsets: [set]
providers:
  near:
    kind: openai
    base_url: "https://me:${secret}@near.example/v1"
    api_key_env: NEAR_KEY
    headers: { x-team: "${secret}" }
`,
      'set/agents/good.yaml': `agent: { name: good, models: { default: "near:m-1" } }\n`,
    })
    const env = { NEAR_KEY: 'sk-0123456789abcdefghij0123' }
    for (const argv of [
      ['run', '--print-config'],
      ['run', '--print-config', '--json'],
    ]) {
      const { stdout } = await runCli(argv, { cwd, env })
      expect(stdout).not.toContain(secret)
      expect(stdout).not.toContain(env.NEAR_KEY)
    }
    const set = await printed(cwd, { env })
    expect(valueOf(set, 'services', 'near.key')).toEqual({
      key: 'near.key',
      value: 'NEAR_KEY',
      source: { from: 'file', file: 'agent-eval.yaml', line: 7 },
      note: 'it is set',
    })
    expect(valueOf(set, 'services', 'near.base_url')?.value).toBe('https://near.example/v1')
    expect(valueOf(set, 'project', 'providers.near.headers.x-team')?.value).toBe('(not shown)')
  })

  it('does not show what an agent of its own is given, nor what --set brings', async () => {
    const secret = 'hunter2-hunter2-hunter2'
    const cwd = folderWith({
      ...project,
      'set/agents/good.yaml': `agent: { name: good, target: { command: [node], env: { A: "${secret}" } } }\n`,
    })
    const argv = ['run', '--print-config', '--json', '--set', `target.env.B=${secret}`]
    const { stdout } = await runCli(argv, { cwd, env: { PATH: process.env['PATH'] ?? '' } })
    expect(stdout).toContain('target.env.B')
    expect(stdout).not.toContain(secret)
  })

  it('names the variable that moves a service', async () => {
    const cwd = folderWith({
      ...project,
      'set/agents/good.yaml': `agent: { name: good, models: { default: "openai:gpt-4o" } }\n`,
    })
    const set = await printed(cwd, { env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } })
    expect(valueOf(set, 'services', 'openai.base_url')).toMatchObject({
      value: 'http://127.0.0.1:9/v1',
      source: { from: 'environment', variable: 'OPENAI_BASE_URL' },
    })
    expect(valueOf(set, 'services', 'openai.key')).toMatchObject({
      value: 'OPENAI_API_KEY',
      source: { from: 'default' },
      note: 'it is not set',
    })
  })

  it('is as strict as a run, and exits 2', async () => {
    const cwd = folderWith({
      ...project,
      'set/evalset.yaml': `${project['set/evalset.yaml']}typo: 1\n`,
    })
    const { exitCode, stderr, stdout } = await runCli(['run', '--print-config'], { cwd })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('evalset.yaml:8:1')
  })

  it('tells every set that would run, each with all sections', async () => {
    const cwd = folderWith(project)
    const { stdout } = await runCli(['run', 'set', 'set', '--print-config', '--json'], { cwd })
    const { evalSets } = effectiveConfig.parse(JSON.parse(stdout))
    expect(evalSets).toHaveLength(2)
    expect(evalSets[0]?.sections.map(({ name }) => name)).toEqual(configSections)
  })

  it('fits 80 columns, with the source behind each value', async () => {
    const { stdout } = await runCli(['run', '--print-config'], { cwd: folderWith(project) })
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines).toContain('  trials: 5  # agent-eval.yaml:6')
    expect(lines).toContain('  seed: 1  # default')
  })
})

describe('--print-config on a pull request', () => {
  let main: Repository

  beforeAll(async () => {
    main = await shopWithBaseline()
  })

  async function ofChange(files: Readonly<Record<string, string>>): Promise<EffectiveSet> {
    const branch = copyOf(main)
    branch.git('checkout', '--quiet', '-b', 'topic')
    branch.edit(files)
    branch.commit('change')
    return printed(branch.folder, { env: onGitHub })
  }

  it('shows the value of the base where that is the stricter one, and what the change says', async () => {
    const set = await ofChange({ [setFile]: setWith('margins: { tsr: 0.5, asr: 0.001 }') })
    expect(set.base).toMatch(/^merge base with main, [0-9a-f]{12}$/)
    expect(valueOf(set, 'gate', 'margins.tsr')).toEqual({
      key: 'margins.tsr',
      value: 0.05,
      source: { from: 'base', base: set.base },
    })
    expect(valueOf(set, 'gate', 'margins.asr')).toMatchObject({
      value: 0.001,
      source: { from: 'file', file: path.normalize(setFile) },
    })
    expect(set.changes).toEqual([
      { what: 'gate.margins.tsr', base: '0.05', here: '0.5', holds: 'base' },
      { what: 'gate.margins.asr', base: '0.02', here: '0.001', holds: 'here' },
    ])
    expect(valueOf(set, 'run', 'baseline')).toMatchObject({
      value: 'set/baseline.json',
      source: { from: 'base' },
    })
  })

  it('lets no change give itself more money or another seed', async () => {
    const set = await ofChange({
      'agent-eval.yaml': `${main.read('agent-eval.yaml')}seed: 77\n`,
    })
    expect(valueOf(set, 'run', 'seed')).toMatchObject({ value: 1, source: { from: 'base' } })
  })
})
