import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { type DoctorFinding, doctorReport } from '../../../src/schema/doctor-report.ts'
import { checkout, repositoryWith } from '../../pull-request/repository.ts'
import { committed, git } from '../git-repo.ts'
import { type CliOptions, folderWith, runCli, writeFiles } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

/** The matcher is of type `any`, which no object of a test should take on. */
const saying = (part: string): unknown => expect.stringContaining(part)

type Setting = Omit<CliOptions, 'cwd'> & { readonly argv?: readonly string[] }

interface Seen {
  readonly exitCode: number
  readonly findings: readonly DoctorFinding[]
}

async function doctor(cwd: string, { argv = [], ...setting }: Setting = {}): Promise<Seen> {
  const { exitCode, stdout } = await runCli(['doctor', '--json', ...argv], { cwd, ...setting })
  const { findings } = doctorReport.parse(JSON.parse(stdout))
  // What is in order needs no mending.
  expect(findings.filter(({ fix, status }) => status === 'ok' && fix !== undefined)).toEqual([])
  return { exitCode, findings }
}

function of(seen: Seen, check: string): readonly DoctorFinding[] {
  return seen.findings.filter((one) => one.check === check)
}

function failing({ findings }: Seen): readonly DoctorFinding[] {
  return findings.filter(({ status }) => status === 'fail')
}

/** The small project with an agent behind a real model. */
function withModel(model: string, project = ''): Record<string, string> {
  return {
    ...smallProject,
    'agent-eval.yaml': `${smallProject['agent-eval.yaml']}${project}`,
    'set/agents/good.yaml': `agent: { name: good, models: { default: "${model}" } }\n`,
  }
}

function ready(): string {
  return committed(folderWith({ ...smallProject, '.gitignore': 'agent-eval-results/\n' }))
}

describe('a project that is in order', () => {
  it('has no failure, exits 0, and every check says something of it or is skipped', async () => {
    const cwd = ready()
    await runCli(['lint', '-q'], { cwd })
    await runCli(['run', '-q'], { cwd })
    await runCli(['baseline', 'update'], { cwd })
    git(cwd, 'add', '--', '.')
    git(cwd, 'commit', '-q', '-m', 'baseline')
    const seen = await doctor(cwd)
    expect(failing(seen)).toEqual([])
    expect(seen.exitCode).toBe(0)
    expect(of(seen, 'lint')).toMatchObject([{ status: 'ok', about: 'set' }])
    expect(of(seen, 'baseline')[0]).toMatchObject({
      status: 'ok',
      message: saying('4 of 4 gating cases can be compared, 4 trials each, '),
    })
    expect(of(seen, 'results')).toMatchObject([{ status: 'ok' }])
    expect(of(seen, 'keys')).toMatchObject([{ message: saying('no key is needed') }])
  })

  it('is left as it was', async () => {
    const cwd = ready()
    const before = readdirSync(cwd, { recursive: true }).sort()
    await doctor(cwd)
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(before)
    expect(git(cwd, 'status', '--porcelain')).toBe('')
  })

  it('misses a baseline, and is told what makes one that is large enough', async () => {
    expect(of(await doctor(ready()), 'baseline')).toMatchObject([
      {
        status: 'warn',
        fix: 'npx agent-eval run set --trials 12 --no-gate && npx agent-eval baseline update',
      },
    ])
  })

  it('is told in 80 columns, and each problem with what mends it', async () => {
    const { stdout } = await runCli(['doctor'], { cwd: ready() })
    const lines = stdout.split('\n')
    expect(lines.filter((line) => line.length > 80 && !line.includes('fix: '))).toEqual([])
    const problems = lines.filter((line) => /^(?:FAIL|warn) /.test(line)).length
    expect(problems).toBeGreaterThan(0)
    expect(lines.filter((line) => line.startsWith('         fix: ')).length).toBe(problems)
  })
})

describe('what is wrong with files', () => {
  it('is a missing project file, and how to make one', async () => {
    const seen = await doctor(folderWith())
    expect(of(seen, 'project')).toMatchObject([{ status: 'fail', fix: 'npx agent-eval init' }])
    expect(seen.exitCode).toBe(1)
  })

  it('is told with its place, and the checks that need no project run all the same', async () => {
    const cwd = folderWith({
      'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: []\ntrails: 3\n',
    })
    const seen = await doctor(cwd)
    expect(of(seen, 'project').map(({ place }) => place)).toEqual([
      { file: 'agent-eval.yaml', line: 2, column: 11 },
      { file: 'agent-eval.yaml', line: 3, column: 1 },
    ])
    expect(of(seen, 'node')).toMatchObject([{ status: 'ok' }])
    expect(of(seen, 'git')).toHaveLength(1)
  })

  it('is at most five problems of one file, and how many more', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `wrong${index}: 1`).join('\n')
    const cwd = folderWith({
      'agent-eval.yaml': `apiVersion: agent-eval/v1\nevalsets: [a]\n${lines}\n`,
    })
    const found = of(await doctor(cwd), 'project')
    expect(found).toHaveLength(6)
    expect(found.at(-1)).toMatchObject({
      message: 'and 4 more problems',
      fix: 'npx agent-eval lint',
    })
  })

  it('is an eval set that does not load; the other one is looked at', async () => {
    const cwd = folderWith({
      ...smallProject,
      'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [gone, set]\n',
    })
    const seen = await doctor(cwd)
    expect(of(seen, 'eval-sets')).toMatchObject([
      { status: 'fail', about: 'gone', message: saying('there is no such file') },
      { status: 'ok', about: 'set', message: 'small 1: 4 of 4 cases gate' },
    ])
    expect(of(seen, 'candidates')).toMatchObject([{ about: 'set', status: 'ok' }])
  })

  it('is a candidate that is not there', async () => {
    const cwd = folderWith({ ...smallProject })
    writeFiles(cwd, {
      'set/evalset.yaml':
        'apiVersion: agent-eval/v1\nid: small\nversion: "1"\ncandidate: no.yaml\n',
    })
    expect(of(await doctor(cwd), 'candidates')).toMatchObject([
      { status: 'fail', about: 'set', place: { file: path.join('set', 'no.yaml') } },
    ])
  })

  it('is a baseline of another eval set, and one that is no baseline', async () => {
    const cwd = ready()
    writeFiles(cwd, { 'set/baseline.json': '{ "kind": ' })
    expect(of(await doctor(cwd), 'baseline')).toMatchObject([
      { status: 'fail', message: 'is not JSON', fix: saying('baseline update') },
    ])
  })

  it('is a named project file that is not there: that is a usage error', async () => {
    const { exitCode, stderr } = await runCli(['doctor', '-c', 'no.yaml'], { cwd: folderWith() })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('no.yaml: cannot be read')
  })

  it('is a target whose program is not there', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/agents/good.yaml':
        'agent: { name: good, target: { command: [no-such-program-here] } }\n',
    })
    expect(of(await doctor(cwd), 'programs')).toMatchObject([
      { status: 'fail', about: 'set', message: saying('no-such-program-here') },
    ])
  })

  it('is an opa that policies need and nobody installed', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/agents/good.yaml':
        'agent: { name: good, models: { default: "reference:" }, policy: { engine: opa, opa: { rego: p.rego } } }\n',
      'set/agents/p.rego': 'package agent\ndecision := "allow"\n',
    })
    const seen = await doctor(cwd, { env: { PATH: folderWith() } })
    expect(of(seen, 'policies')).toMatchObject([
      {
        status: 'fail',
        message: saying('there is no `opa` on PATH'),
        fix: saying('install it'),
      },
    ])
  })
})

describe('this machine', () => {
  it('has a clock that may be wrong', async () => {
    const seen = await doctor(folderWith(), { today: '1970-01-01T00:00:09.000Z' })
    expect(of(seen, 'clock')).toMatchObject([{ status: 'fail' }])
  })

  it('may have a file where runs are to be written', async () => {
    const cwd = folderWith({ ...smallProject, 'agent-eval-results': 'a file' })
    expect(of(await doctor(cwd), 'disk')).toMatchObject([
      { status: 'fail', message: saying('agent-eval-results is a file') },
    ])
  })
})

describe('keys, prices and names of models', () => {
  const secret = 'sk-test-0123456789abcdefghij'

  it('misses a key by the name of its variable, once for each service', async () => {
    const seen = await doctor(folderWith(withModel('openai:gpt-4o')))
    expect(of(seen, 'keys')).toEqual([
      {
        check: 'keys',
        status: 'fail',
        about: 'openai',
        message: 'OPENAI_API_KEY is not set; needed for openai:gpt-4o (default)',
        fix: 'export OPENAI_API_KEY=...',
      },
    ])
    expect(seen.exitCode).toBe(1)
  })

  it('names the variable and never shows what is in it', async () => {
    const cwd = folderWith(withModel('openai:gpt-4o'))
    const env = { OPENAI_API_KEY: secret }
    for (const argv of [['doctor'], ['doctor', '--json']]) {
      const { stderr, stdout } = await runCli(argv, { cwd, env })
      expect(stdout).toContain('its key is in OPENAI_API_KEY')
      expect(stdout + stderr).not.toContain(secret)
    }
  })

  it('tells floating names from pinned ones', async () => {
    const env = { OPENAI_API_KEY: secret }
    const floating = await doctor(folderWith(withModel('openai:gpt-4o')), { env })
    expect(of(floating, 'models')).toMatchObject([
      { status: 'warn', fix: saying('openai:gpt-4o-YYYY-MM-DD') },
    ])
    const pinned = await doctor(folderWith(withModel('openai:gpt-4o-2024-08-06')), { env })
    expect(of(pinned, 'models')).toMatchObject([{ status: 'ok' }])
  })

  it('fails where money decides and a price is not known, with the line to add', async () => {
    const seen = await doctor(
      folderWith(withModel('openai:no-such-model-1', 'money: { budget_usd: 1 }\n')),
    )
    expect(of(seen, 'prices')).toMatchObject([
      {
        status: 'fail',
        fix: saying('"openai:no-such-model-1": { input_per_mtok'),
      },
    ])
  })

  it('knows published prices', async () => {
    const seen = await doctor(folderWith(withModel('openai:gpt-4o')))
    expect(of(seen, 'prices')).toMatchObject([
      { status: 'ok', message: 'prices are known for openai:gpt-4o' },
    ])
  })

  it('says that a fork is given no secrets, and what runs without', async () => {
    const event = {
      pull_request: { head: { repo: { full_name: 'x/y' } }, base: { repo: { full_name: 'a/y' } } },
    }
    const cwd = folderWith({ ...withModel('openai:gpt-4o'), 'event.json': JSON.stringify(event) })
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: path.join(cwd, 'event.json'),
    }
    const seen = await doctor(cwd, { env })
    expect(of(seen, 'keys')).toMatchObject([
      { message: saying('a fork'), fix: 'npx agent-eval run --cassette replay' },
    ])
    expect(of(seen, 'ci').map(({ status }) => status)).toEqual(['ok', 'warn', 'ok'])
  })
})

describe('git', () => {
  it('is not there, or does not read what another user owns: each has a line of its own', async () => {
    const cwd = ready()
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
    expect(of(await doctor(cwd), 'git')).toMatchObject([
      { status: 'warn', fix: 'git config --global --add safe.directory "$PWD"' },
    ])
    vi.stubEnv('PATH', folderWith())
    expect(of(await doctor(cwd), 'git')).toMatchObject([
      { message: saying('git cannot be started'), fix: 'install git, and put it on PATH' },
    ])
    vi.unstubAllEnvs()
    expect(of(await doctor(folderWith()), 'git')).toMatchObject([{ fix: 'git init' }])
  })

  it('is shallow on a pull request: the line for actions/checkout', async () => {
    const origin = repositoryWith({ ...smallProject })
    origin.commit('second')
    origin.git('checkout', '--quiet', '-b', 'topic')
    origin.commit('third')
    const clone = checkout(origin, 'topic', ['--depth', '1'])
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_BASE_REF: 'main',
    }
    const seen = await doctor(clone.folder, { env })
    expect(of(seen, 'git')).toMatchObject([
      { status: 'warn', fix: 'add to actions/checkout:  with: { fetch-depth: 0 }' },
    ])
    expect(of(seen, 'base')).toMatchObject([
      { status: 'fail', fix: 'add to actions/checkout:  with: { fetch-depth: 0 }' },
    ])
    expect(of(seen, 'baseline')).toMatchObject([{ status: 'skipped' }])
    expect(seen.exitCode).toBe(1)
  })

  it('has the base of a pull request, whose rules hold', async () => {
    const origin = repositoryWith({ ...smallProject })
    origin.git('checkout', '--quiet', '-b', 'topic')
    origin.commit('second')
    const clone = checkout(origin, 'topic')
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' }
    const [base, ...more] = of(await doctor(clone.folder, { env }), 'base')
    expect(base?.status).toBe('ok')
    expect(base?.message).toMatch(/merge base with main, [0-9a-f]{12}$/)
    expect(more).toEqual([])
  })

  it('does not ignore results, or they are hidden', async () => {
    const cwd = committed(folderWith({ ...smallProject }))
    expect(of(await doctor(cwd), 'results')).toMatchObject([
      { status: 'warn', fix: "printf '\\n%s\\n' agent-eval-results/ >> .gitignore" },
    ])
    writeFiles(cwd, { 'agent-eval.yaml': `${smallProject['agent-eval.yaml']}output: .results\n` })
    expect(of(await doctor(cwd), 'results')).toMatchObject([
      { status: 'warn', fix: 'output: agent-eval-results  (in agent-eval.yaml)' },
    ])
  })
})

describe('the version of this program', () => {
  it.each([
    [{}, 'npm init -y && npm install --save-dev --save-exact agent-eval@'],
    [{ 'package.json': '{}' }, 'npm install --save-dev --save-exact agent-eval@'],
    [
      {
        'package.json': '{}',
        'package-lock.json': '{"packages":{"node_modules/agent-eval":{"version":"0.0.1"}}}',
      },
      'npm ci && npx agent-eval doctor',
    ],
    [
      { 'package.json': '{}', 'pnpm-lock.yaml': 'packages:\n  agent-eval@0.0.1:\n' },
      'pnpm install --frozen-lockfile && npx agent-eval doctor',
    ],
    [{ 'package.json': '{}', 'yarn.lock': '' }, 'yarn add --dev --exact agent-eval@'],
  ])('is held by nothing with %j', async (files, fix) => {
    const seen = await doctor(folderWith({ ...smallProject, ...files }))
    expect(of(seen, 'version')).toMatchObject([{ status: 'warn', fix: saying(fix) }])
  })
})
