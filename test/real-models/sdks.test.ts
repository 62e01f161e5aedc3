import { describe, expect, it } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import type { FakeRequest } from '../fake-servers/fake-exchange.ts'
import { knifeRefund, playOracle } from '../fake-servers/play-oracle.ts'
import type { FakeServer } from '../fake-servers/start-fake-server.ts'
import { env, key, refundProject, smallModelProject } from './model-project.ts'
import { readEvents, readLines, readResult, settled } from './read-results.ts'
import { service, solveSmall } from './small-services.ts'

const knife = 'refund.damaged.full[knife]'
const kinds = ['openai', 'anthropic'] as const

/** Four requests to a model: two lookups at once, the refund, the reply. */
async function refundService(kind: (typeof kinds)[number]): Promise<FakeServer> {
  const play = playOracle(knifeRefund)
  const usage = { input: 1000, output: 100, cacheRead: 400 }
  const answer = (request: FakeRequest): ReturnType<typeof play> => ({
    ...play(request),
    usage,
    model: `${request.model}-2026-09-01`,
  })
  return service({ kind, answer, key })
}

describe('a refund with parallel tool calls', () => {
  it.each(kinds)('passes through the SDK of %s', async (kind) => {
    const server = await refundService(kind)
    const cwd = refundProject({
      providers: { [kind]: { base_url: server.baseUrl } },
      money: {
        prices: { big: { input_per_mtok: 10, output_per_mtok: 100, cache_read_per_mtok: 1 } },
      },
      agent: {
        model_tier: { executor: 'frontier' },
        models: { frontier: `${kind}:big` },
        policy: {
          rules: [
            {
              id: 'refund_cap',
              tool: 'payments.issue_refund',
              condition: 'input.amount_usd <= 50.0',
              on_fail: 'escalate_to_human',
            },
          ],
        },
      },
    })
    const argv = ['run', '--case', knife, '-n', '2', '--no-gate', '-q']
    const { exitCode, stderr, stdout } = await runCli(argv, { cwd, env })
    expect([exitCode, stderr]).toEqual([0, ''])

    const lines = readLines(cwd)
    // 600 plain input tokens, 400 from the cache, 100 out.
    const requestUsd = (600 * 10 + 400 * 1 + 100 * 100) / 1e6
    expect(lines).toHaveLength(2)
    for (const line of lines) {
      expect(line).toMatchObject({
        outcome: 'pass',
        modelCalls: 3,
        toolCalls: 3,
        inputTokens: 3000,
        outputTokens: 300,
        cacheReadTokens: 1200,
        servedModels: ['big-2026-09-01'],
      })
      expect(line.costUsd).toBeCloseTo(3 * requestUsd, 12)
      expect(line.coldCostUsd).toBeCloseTo((3 * (1000 * 10 + 100 * 100)) / 1e6, 12)
    }

    const events = readEvents(cwd, `${knife}#1`)
    const proposed = events.filter((event) => event.type === 'tool.proposed')
    expect(proposed.map(({ ordinal, tool }) => [ordinal, tool])).toEqual([
      [0, 'crm.verify_customer'],
      [0, 'orders.get_status'],
      [1, 'payments.issue_refund'],
    ])
    const decided = events.filter((event) => event.type === 'policy.decision')
    expect(decided).toContainEqual(
      expect.objectContaining({
        callId: proposed[2]?.callId,
        source: 'policy',
        decision: 'allow',
        enforced: true,
        rules: [expect.objectContaining({ id: 'refund_cap', decision: 'allow' })],
      }),
    )
    const answers = events.filter((event) => event.type === 'model.response')
    expect(answers.map((answer) => answer.stopReason)).toEqual(['tool_calls', 'tool_calls', 'end'])
    for (const answer of answers) {
      expect(answer).toMatchObject({
        role: 'agent',
        modelRequested: `${kind}:big`,
        modelServed: 'big-2026-09-01',
        usage: { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 400 },
        retries: 0,
        from: 'live',
      })
      expect(answer.costUsd).toBeCloseTo(requestUsd, 12)
      expect(answer.latencyMs).toBeGreaterThan(0)
    }
    expect(readResult(cwd).metrics).toMatchObject({
      tsr: { rate: 1, n: 2 },
      tokensByKind: { n: 2, input: 3000, output: 300, cacheRead: 1200 },
    })
    expect(stdout).toContain('tokens a task: 3,000 in (1,200 read from a cache), 300 out')
    expect(server.requests).toHaveLength(6)
  })
})

describe('a router', () => {
  it('sends tasks to tiers of two services, and what it costs is told apart', async () => {
    const openai = await service({ answer: routeOrSolve })
    const anthropic = await service({ kind: 'anthropic' })
    const price = { input_per_mtok: 10, output_per_mtok: 10 }
    const cwd = smallModelProject({
      providers: {
        openai: { base_url: openai.baseUrl },
        anthropic: { base_url: anthropic.baseUrl },
      },
      money: {
        prices: {
          mini: { input_per_mtok: 1, output_per_mtok: 1 },
          'openai:big': price,
          'anthropic:huge': { input_per_mtok: 100, output_per_mtok: 100 },
        },
      },
      agent: {
        model_tier: {
          router: 'router',
          executor: 'frontier',
          routes: { small: 'questions about one order', frontier: 'whatever moves money' },
        },
        models: { router: 'openai:mini', small: 'openai:big', frontier: 'anthropic:huge' },
      },
    })
    const { exitCode, stdout } = await runCli(['run', '--no-gate', '-q'], { cwd, env })
    expect(exitCode).toBe(0)

    expect(readLines(cwd).map((line) => [line.case, line.outcome, line.route])).toEqual(
      expect.arrayContaining([
        ['refund.one', 'pass', 'frontier'],
        ['status.paid', 'pass', 'small'],
        ['status.note', 'pass', 'frontier'],
      ]),
    )
    const routed = readEvents(cwd, 'status.paid#1').filter((event) => event.type === 'route')
    expect(routed).toEqual([{ type: 'route', tier: 'small', by: 'router', reason: 'a question' }])
    const fallen = readEvents(cwd, 'status.note#1').filter((event) => event.type === 'route')
    expect(fallen).toEqual([
      { type: 'route', tier: 'frontier', by: 'fallback', reason: 'the router named no tier' },
    ])
    const asked = readEvents(cwd, 'status.paid#1').filter((event) => event.type === 'model.request')
    expect(asked.map(({ model, role, tier }) => [role, tier, model])).toEqual([
      ['router', 'router', 'openai:mini'],
      ['agent', 'small', 'openai:big'],
      ['agent', 'small', 'openai:big'],
    ])
    // The router sees the words of the user and no tool, and answers by a schema.
    const [first] = openai.requests.filter((request) => request.model === 'mini')
    expect(first).toMatchObject({ tools: [], schema: { required: ['tier', 'reason'] } })

    const { routes, spentUsd } = readResult(cwd).metrics
    const routerUsd = 30e-6
    expect(routes?.map(({ share, tier, trials, tsr }) => [tier, trials, share, tsr.rate])).toEqual([
      ['frontier', 4, 0.5, 1],
      ['small', 4, 0.5, 1],
    ])
    expect(routes?.[1]?.costPerTaskUsd.mean).toBeCloseTo(2 * 300e-6 + routerUsd, 12)
    expect(spentUsd['router']).toBeCloseTo(10 * routerUsd, 12)
    expect(stdout).toMatch(/route +trials +share +tasks done/)
    expect(stdout).toMatch(/small +4 +50.*100/)
  })

  /** The router takes questions about prices as small, forgets what the note was about, else frontier. */
  function routeOrSolve(request: FakeRequest): ReturnType<typeof solveSmall> {
    if (request.schema === undefined) return solveSmall(request)
    const words = request.messages[0]?.text ?? ''
    if (words.includes('note')) return { json: { tier: 'gigantic', reason: 'mine' } }
    const tier = words.includes('cost') ? 'small' : 'frontier'
    return { json: { tier, reason: 'a question' } }
  }
})

describe('trials side by side', () => {
  it('end as they do one by one', async () => {
    const server = await service({ latencyMs: 5 })
    const cwd = smallModelProject({
      providers: { openai: { base_url: server.baseUrl } },
      agent: { models: { default: 'openai:m' } },
      trials: 6,
    })
    const argv = ['run', '--no-gate', '-q', '-o']
    await runCli([...argv, 'one', '-j', '1'], { cwd, env })
    expect(server.mostInFlight()).toBe(1)
    await runCli([...argv, 'many', '-j', '16'], { cwd, env })
    expect(server.mostInFlight()).toBeGreaterThan(1)
    expect(settled(readLines(cwd, 'many'))).toEqual(settled(readLines(cwd, 'one')))
  })
})
