import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { folderWith, runCli, writeFiles } from './run-cli.ts'

describe('init', () => {
  it('writes a project that is lint-clean and passes without a key', async () => {
    const cwd = folderWith()
    const made = await runCli(['init'], { cwd })
    expect(made.exitCode).toBe(0)
    expect(made.stdout).toContain('agent-eval run')
    expect(readFileSync(path.join(cwd, '.gitignore'), 'utf8')).toBe('agent-eval-results/\n')

    const linted = await runCli(['lint'], { cwd })
    expect([linted.exitCode, linted.stdout]).toEqual([
      0,
      expect.stringContaining('starter: 4 cases can fail'),
    ])
    const ran = await runCli(['run', '-q'], { cwd })
    expect([ran.exitCode, ran.stdout]).toEqual([0, expect.stringContaining('first run')])
  })

  it('says what to type next, with a baseline as large as the gate advises', async () => {
    const cwd = folderWith()
    const { stdout } = await runCli(['init'], { cwd })
    const commands = [...stdout.matchAll(/^ {2}npx agent-eval (.+?) {2}/gm)].map(
      ([, words]) => words,
    )
    expect(commands).toEqual(['lint', 'run -n 63 --no-gate', 'baseline update', 'run', 'doctor'])
    for (const words of commands) {
      const ran = await runCli((words ?? '').split(' '), { cwd })
      expect([words, ran.exitCode]).toEqual([words, 0])
      expect(ran.stdout).not.toContain('warning')
    }
  })

  it.each([
    ['the starter set', []],
    ['stubs', ['--tools', 'api.yaml']],
  ])(
    'says once which model the agent is: a change in agent-eval.yaml works (%s)',
    async (_, more) => {
      const paths = '/orders: { get: { operationId: getOrders } }'
      const cwd = folderWith({ 'api.yaml': `openapi: 3.0.0\npaths: { ${paths} }\n` })
      expect((await runCli(['init', ...more], { cwd })).exitCode).toBe(0)
      const text = readFileSync(path.join(cwd, 'agent-eval.yaml'), 'utf8')
      const changed = text.replace('default: "reference:"', 'default: "openai:gpt-4o"')
      writeFiles(cwd, { 'agent-eval.yaml': changed })
      const { stdout } = await runCli(['run', '--dry-run', '--no-gate'], {
        cwd,
        env: { OPENAI_API_KEY: 'none' },
      })
      expect(stdout).toContain('models openai:gpt-4o.')
    },
  )

  it('names the eval set as asked', async () => {
    const cwd = folderWith()
    await runCli(['init', 'shop', '--name', 'orders'], { cwd })
    const file = path.join(cwd, 'shop/evalsets/orders/evalset.yaml')
    expect(readFileSync(file, 'utf8')).toContain('\nid: orders\n')
    expect((await runCli(['init', '--name', 'No Id'], { cwd })).stderr).toContain(
      '--name: "No Id" cannot be an id',
    )
  })

  it('overwrites nothing: all files are new, or none is written', async () => {
    const cwd = folderWith({ 'evalsets/starter/world.yaml': 'mine\n' })
    const { exitCode, stderr } = await runCli(['init'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('evalsets/starter/world.yaml is there already')
    expect(existsSync(path.join(cwd, 'agent-eval.yaml'))).toBe(false)
    expect(readFileSync(path.join(cwd, 'evalsets/starter/world.yaml'), 'utf8')).toBe('mine\n')
  })

  it('writes a workflow that runs a pinned version, with read permissions only', async () => {
    const cwd = folderWith()
    await runCli(['init'], { cwd })
    const text = readFileSync(path.join(cwd, '.github/workflows/agent-eval.yml'), 'utf8')
    expect(parse(text)).toMatchObject({ permissions: { contents: 'read' } })
    expect(text).toMatch(/npm install --no-save agent-eval@\d+\.\d+\.\d+\n/)
    expect(text).not.toContain('secrets.')
  })

  it.skipIf(process.platform === 'win32').each([
    ['no lockfile', {}, ['install']],
    ['a lockfile that names it', { 'package-lock.json': '{}', names: '' }, ['ci']],
    ['a lockfile without it', { 'package-lock.json': '{}' }, ['ci', 'install']],
  ] as const)('writes a workflow that installs once, with %s', async (_, files, wanted) => {
    const bin = 'node_modules/.bin'
    const npm = `#!/bin/sh
echo "$1" >> called
[ "$1" = ci ] && ! [ -e names ] || { mkdir -p ${bin} && : > ${bin}/agent-eval && chmod +x ${bin}/agent-eval; }
`
    const cwd = folderWith({ ...files, 'path/npm': npm })
    chmodSync(path.join(cwd, 'path/npm'), 0o755)
    await runCli(['init'], { cwd })
    const text = readFileSync(path.join(cwd, '.github/workflows/agent-eval.yml'), 'utf8')
    const { jobs } = parse(text) as {
      readonly jobs: { readonly gate: { readonly steps: readonly { readonly run?: string }[] } }
    }
    const script = jobs.gate.steps.find(({ run }) => run?.includes('npm install'))?.run ?? 'exit 9'
    const PATH = `${path.join(cwd, 'path')}:${process.env['PATH'] ?? ''}`
    expect(spawnSync('bash', ['-e', '-c', script], { cwd, env: { PATH } }).status).toBe(0)
    expect(readFileSync(path.join(cwd, 'called'), 'utf8').trim().split('\n')).toEqual(wanted)
    expect(existsSync(path.join(cwd, bin, 'agent-eval'))).toBe(true)
  })

  it('writes a workflow that skips unchanged agents in pull requests, and nowhere else', async () => {
    const cwd = folderWith()
    await runCli(['init'], { cwd })
    const text = readFileSync(path.join(cwd, '.github/workflows/agent-eval.yml'), 'utf8')
    const workflow = parse(text) as {
      readonly jobs: {
        readonly gate: {
          readonly steps: readonly { readonly if?: string; readonly run?: string }[]
        }
      }
    }
    const runs = workflow.jobs.gate.steps.filter(({ run }) => / run(?: |$)/.test(run ?? ''))
    expect(runs.map((step) => [step.if, step.run?.includes('--skip-unchanged')])).toEqual([
      ["github.event_name == 'pull_request'", true],
      ["github.event_name != 'pull_request'", false],
    ])
  })

  it('writes for GitLab what GitLab reads, and nothing for GitHub', async () => {
    const cwd = folderWith()
    const made = await runCli(['init', '--ci', 'gitlab'], { cwd })
    expect([made.exitCode, existsSync(path.join(cwd, '.github'))]).toEqual([0, false])
    const text = readFileSync(path.join(cwd, '.gitlab-ci.yml'), 'utf8')
    expect(text).toMatch(/npm install --no-save agent-eval@\d+\.\d+\.\d+\n/)
    expect(text).toMatch(/exec node_modules\/.bin\/agent-eval run \$AGENT_EVAL_SKIP/)
    expect(parse(text)).toMatchObject({
      'agent-eval': { variables: { GIT_DEPTH: '0' }, allow_failure: { exit_codes: [3] } },
    })
    expect((await runCli(['init', '--ci', 'jenkins'], { cwd })).stderr).toContain('github, gitlab')
  })

  it('makes stubs of an OpenAPI document, and a draft that runs and does not gate', async () => {
    const cwd = folderWith({
      'api.yaml': `
openapi: 3.0.0
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    delete:
      operationId: removeOrder
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
`,
    })
    const made = await runCli(['init', '--tools', 'api.yaml'], { cwd })
    expect([made.exitCode, made.stdout]).toEqual([0, expect.stringContaining('world.yaml')])
    const world = readFileSync(path.join(cwd, 'evalsets/my-agent/world.yaml'), 'utf8')
    expect(parse(world)).toMatchObject({
      tools: {
        getOrder: { effect: 'read', risk_tier: 0, returns: { ok: true } },
        removeOrder: { effect: 'write', risk_tier: 3 },
      },
    })
    expect((await runCli(['lint'], { cwd })).exitCode).toBe(0)

    // A draft gates nothing, so there is no evidence yet. Its oracle makes it a case.
    expect((await runCli(['run', '-q'], { cwd })).exitCode).toBe(4)
    writeFiles(cwd, {
      'evalsets/my-agent/cases/outcome/first.yaml': `
id: first
ask: Please remove order O-1.
expect:
  evidence: [{ tool: getOrder, args: { id: O-1 }, before: removeOrder }]
  effects: { required: [{ tool: removeOrder, args: { id: O-1 } }] }
  explained: { min_length: 10 }
  says: [{ any: '(?i)\\bremoved\\b' }]
approvers: approve
oracle:
  - { call: getOrder, args: { id: O-1 } }
  - { call: removeOrder, args: { id: O-1 }, reason: The customer asked for it., escalates: true }
  - { say: I removed it. }
`,
    })
    expect((await runCli(['lint'], { cwd })).stdout).toContain('1 case')
    expect((await runCli(['run', '-q'], { cwd })).exitCode).toBe(0)
  })

  it.each([
    ['nothing.yaml', 'nothing.yaml: cannot be read'],
    ['api.yaml', 'api.yaml: is no OpenAPI 3 document'],
    ['mcp:', 'mcp: names no command'],
  ])('exits 2 for --tools %s and writes nothing', async (source, message) => {
    const cwd = folderWith({ 'api.yaml': 'swagger: "2.0"\n' })
    const { exitCode, stderr } = await runCli(['init', '--tools', source], { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)])
    expect(existsSync(path.join(cwd, 'agent-eval.yaml'))).toBe(false)
  })
})
