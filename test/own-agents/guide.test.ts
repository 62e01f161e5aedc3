import { spawn } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CliResult, runCli, writeFiles } from '../cli/run-cli.ts'
import { playAnswers } from '../fake-servers/scripts.ts'
import { startFakeServer } from '../fake-servers/start-fake-server.ts'
import { readEvents, readLines } from '../real-models/read-results.ts'
import { candidateFile, fromGuide, guideFiles, root, shopWith } from './shop.ts'

const env = { PATH: process.env['PATH'] ?? '' }
const cases = ['outcome/refund-full.yaml', 'behavioral/asking.yaml']
const chosen = [
  'refund.damaged.full[knife]',
  'refund.ticket.keyed[lunchbox]',
  'ask.order-number[kim]',
]

function run(cwd: string, name: string, ...argv: readonly string[]): Promise<CliResult> {
  const ids = chosen.flatMap((id) => ['--case', id])
  const candidate = ['--candidate', `agents/${name}.yaml`]
  return runCli(['run', ...candidate, '-n', '1', '-q', ...ids, ...argv], { cwd, env })
}

/** What the agents of the guide reach: they ask for an order number, and read no tickets. */
const mixed = {
  'refund.damaged.full[knife]': 'pass',
  'refund.ticket.keyed[lunchbox]': 'fail',
  'ask.order-number[kim]': 'pass',
}

function outcomesOf(cwd: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readLines(cwd).map(({ case: id, outcome }) => [id, outcome]))
}

it('shows four agents and nothing that no test runs', () => {
  expect(Object.keys(guideFiles()).sort()).toEqual([
    'agents/agent.py',
    'agents/handle.ts',
    'agents/handle.yaml',
    'agents/python.yaml',
    'agents/sdk.mjs',
    'agents/sdk.yaml',
    'agents/server.mjs',
    'agents/server.yaml',
  ])
})

describe('the service of the guide', () => {
  it('is started, asked and ended', async () => {
    const cwd = shopWith({ cases }, fromGuide('agents/server.mjs', 'agents/server.yaml'))
    const { exitCode, stderr } = await run(cwd, 'server')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(outcomesOf(cwd)).toEqual(mixed)
    const events = readEvents(cwd, 'refund.damaged.full[knife]#1')
    const proposed = events.filter((event) => event.type === 'tool.proposed')
    expect(proposed.map(({ ordinal, tool }) => [ordinal, tool])).toEqual([
      [0, 'crm.verify_customer'],
      [0, 'orders.get_status'],
      [1, 'payments.issue_refund'],
    ])
    expect(events.filter((event) => event.type === 'policy.decision')).not.toEqual([])
  })

  it("may be somebody else's: it is asked, and left running", async () => {
    const cwd = shopWith({ cases }, fromGuide('agents/server.mjs'))
    const { port, isUp } = await ownService(path.join(cwd, 'agents/server.mjs'))
    const target = { http: `http://127.0.0.1:${port}/` }
    writeFiles(cwd, { 'agents/theirs.yaml': candidateFile({ target }) })
    const { exitCode } = await run(cwd, 'theirs')
    expect([exitCode, outcomesOf(cwd)]).toEqual([0, mixed])
    expect(isUp()).toBe(true)
  })

  it('that nobody started is found before the first trial', async () => {
    const target = { http: `http://127.0.0.1:${await freePort()}/agent?secret=1` }
    const cwd = shopWith({ cases }, { 'agents/gone.yaml': candidateFile({ target }) })
    const { exitCode, stderr } = await run(cwd, 'gone')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('nothing listens at http://127.0.0.1:')
    expect(stderr).not.toContain('secret')
    expect(readLines(cwd)).toEqual([])
  })
})

it('the function of the guide passes what it can do', async () => {
  const cwd = shopWith({ cases }, fromGuide('agents/handle.ts', 'agents/handle.yaml'))
  const { exitCode, stderr } = await run(cwd, 'handle')
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(outcomesOf(cwd)).toEqual(mixed)
})

describe('the AI SDK agent of the guide', () => {
  it('is the one that the other tests run', () => {
    const file = path.join(root, 'test/serve/agents/ai-sdk-agent.mjs')
    const text = readFileSync(file, 'utf8').replace(/^(\/\/.*\n)+/, '')
    expect(guideFiles()['agents/sdk.mjs']).toBe(text)
  })

  it('runs by the candidate file that stands beside it', async () => {
    const server = await startFakeServer({
      kind: 'openai',
      answer: playAnswers({ text: 'Which order is it about?' }),
    })
    onTestFinished(server.close)
    const project = { providers: { openai: { base_url: server.baseUrl, api_key_env: 'none' } } }
    const priced = { 'gpt-4.1-mini': { input_per_mtok: 1, output_per_mtok: 1 } }
    const cwd = shopWith(
      { cases, project: { ...project, money: { prices: priced } } },
      fromGuide('agents/sdk.mjs', 'agents/sdk.yaml'),
    )
    symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'))
    const { exitCode, stderr } = await run(cwd, 'sdk')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(new Set(readLines(cwd).map(({ termination }) => termination))).toEqual(new Set(['done']))
    expect(server.requests.map(({ model }) => model)).toContain('gpt-4.1-mini')
  })
})

/** The service as its owner runs it, until the test ends. */
async function ownService(file: string): Promise<{ port: number; isUp: () => boolean }> {
  const port = await freePort()
  const child = spawn(process.execPath, [file], { env: { ...env, PORT: `${port}` } })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(answers, { timeout: 20_000 }).toBe(true)
  return { port, isUp: () => child.exitCode === null && child.signalCode === null }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  })
}
