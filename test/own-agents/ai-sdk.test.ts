import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { TrialLine } from '../../src/schema/trial.ts'
import { runCli } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import { knifeRefund, playOracle } from '../fake-servers/play-oracle.ts'
import { byFirstWords, playAnswers } from '../fake-servers/scripts.ts'
import { type FakeServer, startFakeServer } from '../fake-servers/start-fake-server.ts'
import {
  allFiles,
  readEvents,
  readLines,
  readResult,
  settled,
} from '../real-models/read-results.ts'
import { candidateFile, root, shopWith } from './shop.ts'

const key = 'sk-marked-5d41402abc4b2a76b9719d911017c592'
const env = { PATH: process.env['PATH'] ?? '', OPENAI_API_KEY: key }
const knife = 'refund.damaged.full[knife]'
const vase = 'refund.damaged.full[vase]'

/** One request costs two cents of input and one of output. */
const usage = { input: 200, output: 20 }
const requestUsd = 0.03
const prices = { 'gpt-4.1-mini': { input_per_mtok: 100, output_per_mtok: 500 } }

/** The AI SDK hands the model a result as MCP wraps it. */
function unwrapped(request: FakeRequest): FakeRequest {
  const plain = (text: string): string => {
    const [part] = JSON.parse(text) as readonly { readonly text: string }[]
    return part?.text ?? ''
  }
  return {
    ...request,
    messages: request.messages.map((message) => ({
      ...message,
      toolResults: message.toolResults.map(({ id, text }) => ({ id, text: plain(text) })),
    })),
  }
}

/** Solves the knife; of the vase it says that it has paid and has done nothing. */
const answer = byFirstWords({
  "chef's knife": (request) => ({ ...playOracle(knifeRefund)(unwrapped(request)), usage }),
  'One tall vase': playAnswers({ text: 'I have refunded $41.20.', usage }),
})

async function model(): Promise<FakeServer> {
  const server = await startFakeServer({ kind: 'openai', key, answer })
  onTestFinished(server.close)
  return server
}

interface Setting {
  readonly budgets?: object
  readonly money?: object
  readonly model?: string
}

/** The agent as it is in its own project; only its candidate file is ours. */
function sdkShop(
  baseUrl: string,
  { budgets = {}, model: name = 'gpt-4.1-mini', money = { prices } }: Setting = {},
): string {
  const agent = readFileSync(path.join(root, 'test/serve/agents/ai-sdk-agent.mjs'), 'utf8')
  const cwd = shopWith(
    {
      cases: ['outcome/refund-full.yaml'],
      project: { providers: { openai: { base_url: baseUrl } }, money },
    },
    {
      'agents/ai-sdk-agent.mjs': agent,
      'agents/sdk.yaml': candidateFile({
        name: 'sdk',
        target: {
          command: ['node', 'ai-sdk-agent.mjs'],
          protocol: 'text',
          env: { AGENT_MODEL: name },
        },
        budgets,
        policy: {
          rules: [
            {
              id: 'refund_cap',
              tool: 'payments.issue_refund',
              condition: 'input.amount_usd <= 50.0',
            },
          ],
        },
      }),
    },
  )
  symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'))
  return cwd
}

/** A trial line without who paid for it. */
function unpaid(line: TrialLine): TrialLine {
  const kept = Object.entries(line).filter(([name]) => !['paidByRole', 'replayed'].includes(name))
  return Object.fromEntries(kept) as TrialLine
}

const both = ['--case', knife, '--case', vase]
const run = ['run', '--candidate', 'agents/sdk.yaml', '-n', '1']

describe('an agent on the AI SDK, with nothing but environment variables', () => {
  it('works through MCP and the recording proxy: traced, decided, priced', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const { exitCode, stderr, stdout } = await runCli([...run, ...both], { cwd, env })
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(knife)])
    // Services take no dots in the names of tools.
    const offered = server.requests[0]?.tools ?? []
    expect(offered).toContain('payments_issue_refund')
    expect(offered.filter((name) => !/^[\w-]{1,64}$/.test(name))).toEqual([])
    const lines = new Map(readLines(cwd).map((line) => [line.case, line]))
    expect(lines.get(knife)).toMatchObject({
      outcome: 'pass',
      termination: 'done',
      toolCalls: 3,
      modelCalls: 3,
      inputTokens: 600,
      outputTokens: 60,
      servedModels: ['gpt-4.1-mini'],
    })
    expect(lines.get(knife)?.costUsd).toBeCloseTo(3 * requestUsd, 12)
    expect(lines.get(vase)).toMatchObject({ outcome: 'fail', modelCalls: 1, toolCalls: 0 })

    const events = readEvents(cwd, `${knife}#1`)
    const asked = events.filter((event) => event.type === 'model.request')
    expect(asked.map(({ model: name, role }) => [role, name])).toEqual(
      Array.from({ length: 3 }, () => ['agent', 'openai:gpt-4.1-mini']),
    )
    const answers = events.filter((event) => event.type === 'model.response')
    expect(answers.map(({ stopReason }) => stopReason)).toEqual(['tool_calls', 'tool_calls', 'end'])
    expect(answers.map((one) => [one.from, one.usage.inputTokens, one.costUsd])).toEqual(
      Array.from({ length: 3 }, () => ['live', 200, requestUsd]),
    )
    // Calls belong to the answer that proposed them.
    const proposed = events.filter((event) => event.type === 'tool.proposed')
    expect(proposed.map(({ ordinal, tool }) => [tool, ordinal])).toEqual([
      ['crm.verify_customer', asked[0]?.ordinal],
      ['orders.get_status', asked[0]?.ordinal],
      ['payments.issue_refund', asked[1]?.ordinal],
    ])
    const decided = events.filter(
      (event) => event.type === 'policy.decision' && event.callId === proposed[2]?.callId,
    )
    expect(decided).toContainEqual(
      expect.objectContaining({ source: 'policy', decision: 'allow', enforced: true }),
    )
    const { costPerTaskUsd } = readResult(cwd).metrics
    expect(costPerTaskUsd.mean).toBeCloseTo((3 * requestUsd + requestUsd) / 2, 12)
    expect(costPerTaskUsd.n).toBe(2)
    expect(stdout).toMatch(/cost per task +\$0\.06/)
  })

  it('is stopped by the budget of a trial, and that is its own fault', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl, { budgets: { max_cost_usd: 0.05 } })
    await runCli([...run, '--case', knife, '-q'], { cwd, env })
    expect(readLines(cwd)).toMatchObject([
      { outcome: 'fail', termination: 'budget', modelCalls: 2, toolCalls: 2 },
    ])
    expect(server.requests).toHaveLength(2)
  })

  it('is stopped by the budget of the run: what is left out is said', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const argv = ['run', '--candidate', 'agents/sdk.yaml', '-n', '6', '--case', knife]
    const { stderr, stdout } = await runCli([...argv, '--budget', '0.2'], { cwd, env })
    // Nine cents a trial: two fit, and no third is begun.
    expect(readLines(cwd).map(({ outcome }) => outcome)).toEqual(['pass', 'pass'])
    expect(server.requests).toHaveLength(6)
    expect(stderr).toContain('the budget was spent after 2 trials of every case')
    expect(stdout).toContain('the budget was spent after 2 of 6 rounds')
    expect(stdout).toContain('spent $0.18')
  })

  it('leaves cases out that do not fit into the budget any more: exit 3', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const { exitCode, stdout } = await runCli([...run, ...both, '--budget', '0.1'], { cwd, env })
    expect(readLines(cwd).map((line) => [line.case, line.outcome])).toEqual([[knife, 'pass']])
    expect(stdout).toContain('1 case never tried')
    expect(exitCode).toBe(3)
  })

  it('counts no trial that the money ended half-way', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const { exitCode, stdout } = await runCli([...run, ...both, '--budget', '0.05'], { cwd, env })
    expect(readLines(cwd)).toEqual([])
    expect(server.requests).toHaveLength(2)
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('2 cases never tried')])
  })

  it.each([
    ['of the run', {}, ['--budget', '5']],
    ['of a trial', { max_cost_usd: 5 }, []],
  ])('asks no model without a price where there is a budget %s', async (_, budgets, argv) => {
    const server = await model()
    const money = { prices: {} }
    const cwd = sdkShop(server.baseUrl, { budgets, money, model: 'house-model' })
    const { exitCode, stderr } = await runCli([...run, '--case', knife, '-q', ...argv], {
      cwd,
      env,
    })
    // Nobody can say what it would have done, so it neither passes nor fails.
    expect([server.requests, readLines(cwd)]).toEqual([[], []])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(/^error: no price is known, and .* set it in money.prices of agent-eval/)
    expect(stderr).toContain('"openai:house-model"')
  })
})

describe("a cassette of an agent of one's own", () => {
  it('replays with the service gone and no key: the same trajectories, the same cost', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const one = [...run, ...both, '-q']
    const recorded = await runCli([...one, '--cassette', 'record', '-o', 'first'], { cwd, env })
    expect([recorded.exitCode, recorded.stderr]).toEqual([0, ''])
    expect(existsSync(path.join(cwd, 'shop/cassettes/sdk.jsonl'))).toBe(true)
    await server.close()

    const argv = [...one, '--cassette', 'replay', '-o', 'second']
    const replayed = await runCli(argv, { cwd, env: { PATH: env.PATH } })
    expect([replayed.exitCode, replayed.stderr]).toEqual([0, ''])
    const [first, second] = [readLines(cwd, 'first'), readLines(cwd, 'second')]
    expect(second.map(({ trajectoryHash }) => trajectoryHash)).not.toContain(undefined)
    // What the first paid, the second only tells.
    expect(second.map(({ paidByRole, replayed }) => [paidByRole, replayed ?? 0])).toEqual(
      expect.arrayContaining([
        [{}, 3],
        [{}, 1],
      ]),
    )
    expect(settled(second.map(unpaid))).toEqual(settled(first.map(unpaid)))
    expect(readResult(cwd, 'second').metrics.costPerTaskUsd).toEqual(
      readResult(cwd, 'first').metrics.costPerTaskUsd,
    )
  })

  it('that knows another prompt is a miss: exit 4 with the difference', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const one = [...run, '--case', knife, '-q']
    await runCli([...one, '--cassette', 'record', '-o', 'first'], { cwd, env })
    await server.close()
    const file = path.join(cwd, 'agents/sdk.yaml')
    const other = readFileSync(file, 'utf8').replace('"env":{', '"env":{"AGENT_PROMPT":"Hurry.",')
    writeFileSync(file, other)
    const { exitCode, stderr } = await runCli([...one, '--cassette', 'replay'], { cwd, env })
    expect(exitCode).toBe(4)
    expect(stderr).toContain('no recording of')
    expect(stderr).toContain('Hurry.')
  })
})

describe('the key of the service', () => {
  it('is with the service, and in no file and no output', async () => {
    const server = await model()
    const cwd = sdkShop(server.baseUrl)
    const argv = [...run, '--case', knife, '--cassette', 'record']
    const { stderr, stdout } = await runCli(argv, { cwd, env })
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${key}`)
    const texts = [...allFiles(cwd).map(([, text]) => text), stderr, stdout]
    expect(texts.length).toBeGreaterThan(10)
    expect(texts.filter((text) => text.includes(key.slice(0, 16)))).toEqual([])
  })
})
