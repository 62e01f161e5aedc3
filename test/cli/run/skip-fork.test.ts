import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectAtBase } from '../../../src/cli/at-base/evalset-at-base.ts'
import { withheldKeys } from '../../../src/cli/run/skip-fork.ts'
import { skippedRun } from '../../../src/schema/skipped-run.ts'
import { committed, git } from '../git-repo.ts'
import { type CliResult, folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

const live = `
agent: { name: live, models: { default: "openai:gpt-4o" } }
`
const pull = {
  pull_request: {
    head: { repo: { full_name: 'somebody/bot' } },
    base: { repo: { full_name: 'acme/bot' } },
  },
}

interface Asked {
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly gate?: string
}

/** A run in CI whose agent needs a key. */
async function runOnFork({
  argv = [],
  env = {},
  gate = '',
}: Asked = {}): Promise<CliResult & { readonly cwd: string }> {
  const set = smallProject['set/evalset.yaml'] ?? ''
  const cwd = folderWith({
    ...smallProject,
    'set/evalset.yaml': `${set}\n${gate}`,
    'set/agents/live.yaml': live,
    'event.json': JSON.stringify(pull),
  })
  const command = ['run', '--candidate', 'set/agents/live.yaml', '--baseline', 'none', ...argv]
  const github = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: path.join(cwd, 'event.json'),
  }
  return { ...(await runCli(command, { cwd, env: { ...github, ...env } })), cwd }
}

describe('a change from a fork that needs a key', () => {
  it('is not run: a visible third state, and no mistake of its author', async () => {
    const { cwd, exitCode, stderr, stdout } = await runOnFork()
    // The base is not known, so nobody can say that it needed the key as well.
    expect(exitCode).toBe(3)
    expect(stderr).not.toContain('error:')
    const said = stdout.replaceAll(/\s+/g, ' ')
    expect(said).toContain('small: not run, a change from a fork is given no keys')
    expect(said).toContain('This is not a pass.')
    expect(said).toContain('asks openai:gpt-4o and needs OPENAI_API_KEY')
    expect(said).toContain('a change from somebody/bot')
    expect(existsSync(path.join(cwd, 'agent-eval-results'))).toBe(false)
  })

  it('gives programs a document', async () => {
    const { stdout } = await runOnFork({ argv: ['--json'] })
    const document = skippedRun.parse(JSON.parse(stdout))
    expect(document.why).toBe('fork')
    expect(document.provenance.candidate.name).toBe('live')
    expect(document.fork).toEqual({
      from: 'somebody/bot',
      missingKeys: ['OPENAI_API_KEY'],
      models: ['openai:gpt-4o'],
      exitCode: 3,
    })
  })

  it.each<[string, Asked]>([
    ['--strict', { argv: ['--strict'] }],
    ['the preset release', { gate: 'gate: { preset: release }\n' }],
  ])('fails under %s, as whatever does not decide', async (_, asked) => {
    const { exitCode, stdout } = await runOnFork(asked)
    expect([exitCode, stdout.includes('fails the step')]).toEqual([3, true])
  })

  it('fails nobody who asks for no verdict', async () => {
    expect((await runOnFork({ argv: ['--no-gate', '--strict'] })).exitCode).toBe(0)
  })
})

describe('a change from a fork that needs a key, where the base is known', () => {
  /** The exit code of a change whose agent asks this model, over a base whose agent asks that one. */
  async function exitCodeOver(model: string, options: object = {}): Promise<number | undefined> {
    const set = smallProject['set/evalset.yaml'] ?? ''
    const files = {
      ...smallProject,
      'set/evalset.yaml': set.replace('agents/good.yaml', 'agents/live.yaml'),
      'set/agents/live.yaml': live.replace('openai:gpt-4o', model),
      'event.json': JSON.stringify(pull),
    }
    const cwd = committed(folderWith(files))
    const base = { commit: git(cwd, 'rev-parse', 'HEAD').trim(), name: 'main' }
    const query = { cwd, base, id: 'small', folder: 'set', configFile: 'agent-eval.yaml' }
    const { evalSet: atBase } = await projectAtBase(query)
    expect(atBase?.loaded).toBeDefined()
    const env = {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: path.join(cwd, 'event.json'),
    }
    const withheld = await withheldKeys(
      {
        asked: { ofTask: ['openai:gpt-4o'], beside: [] },
        providers: {},
        preset: 'pr',
        ground: { atBase, base, project: { cwd } },
      },
      { io: { env }, options: { cassette: 'off', gate: true, ...options } },
    )
    return withheld?.exitCode
  }

  it.each<[string, string, object, number]>([
    ['fails nobody where the base needs the key too', 'openai:gpt-4o-mini', {}, 0],
    ['fails where the base needs no key', 'reference:', {}, 3],
    ['fails where the base needs another key', 'anthropic:claude-sonnet-4-5', {}, 3],
    ['fails where the base has no such agent', 'openai:gpt-4o', { candidate: 'other.yaml' }, 3],
    ['fails nobody who asks for no verdict', 'reference:', { gate: false }, 0],
  ])('%s', async (_, model, options, code) => {
    expect(await exitCodeOver(model, options)).toBe(code)
  })
})

describe('a missing key is a mistake', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['in a change of the repository itself', { GITHUB_EVENT_PATH: '/nowhere/event.json' }],
    ['on main', { GITHUB_EVENT_NAME: 'push' }],
    ['on a laptop', { GITHUB_EVENT_NAME: '', GITHUB_EVENT_PATH: '' }],
  ])('%s', async (_, env) => {
    const { exitCode, stderr } = await runOnFork({ env })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('OPENAI_API_KEY is not set')])
  })
})

describe('a fork runs', () => {
  it('where no key is needed', async () => {
    const { exitCode, stdout } = await runOnFork({ argv: ['--candidate', 'set/agents/good.yaml'] })
    expect([exitCode, stdout.includes('first run')]).toEqual([0, true])
  })

  it('dry, which asks nobody', async () => {
    const { exitCode, stdout } = await runOnFork({ argv: ['--dry-run'] })
    expect([exitCode, stdout.includes('not run, a change')]).toEqual([0, false])
  })

  it('from recordings, or says that there are none', async () => {
    const { exitCode, stderr } = await runOnFork({ argv: ['--cassette', 'replay'] })
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/cassette|record/)])
  })
})
