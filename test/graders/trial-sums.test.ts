import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumTrial } from '../../src/graders/trial-sums.ts'
import { type EventBody, eventBody, type TraceEvent } from '../../src/schema/trace.ts'
import { aTrace, call, say, write } from '../builders/trace.ts'

type Response = Extract<EventBody, { type: 'model.response' }>

function events(...bodies: readonly EventBody[]): readonly TraceEvent[] {
  return bodies.map((body, seq) => ({ ...eventBody.parse(body), seq, tMs: seq }))
}

function response(changes: Partial<Response> = {}): Response {
  return {
    type: 'model.response',
    role: 'agent',
    ordinal: 0,
    modelRequested: 'openai:gpt-4o',
    modelServed: 'gpt-4o',
    stopReason: 'end',
    usage: { inputTokens: 100, outputTokens: 10 },
    costUsd: 0.25,
    latencyMs: 5,
    retries: 0,
    from: 'live',
    ...changes,
  }
}

function unpricedAnswer(changes: Partial<Response> = {}): Response {
  const answer = response(changes)
  delete answer.costUsd
  return answer
}

const toolResult = (costUsd: number): EventBody => ({
  type: 'tool.result',
  callId: 'c',
  tool: 't',
  status: 'ok',
  executed: true,
  origin: 'world',
  changes: [],
  latencyMs: 0,
  costUsd,
})

const approval = (latencyMs: number): EventBody => ({
  type: 'approval',
  callId: 'c',
  principal: 'ana',
  decision: 'approve',
  latencyMs,
})

const attempt = {
  class: 'rate_limit',
  status: 429,
  message: 'slow',
  latencyMs: 1,
  waitedMs: 2,
} as const

describe('sumTrial', () => {
  it('keeps agent, router and tools in the cost of the task, and the others beside it', () => {
    const sums = sumTrial(
      events(
        response({ role: 'router' }),
        response(),
        toolResult(0.125),
        response({ role: 'user_simulator', costUsd: 2 }),
        response({ role: 'judge', costUsd: 4 }),
      ),
    )
    expect(sums).toEqual({
      costUsd: 0.625,
      costByRole: { router: 0.25, agent: 0.25, tools: 0.125, user_simulator: 2, judge: 4 },
      inputTokens: 200,
      outputTokens: 20,
      modelCalls: 2,
      servedModels: ['gpt-4o'],
    })
  })

  it('adds up what it would have cost cold, where any answer says that it differs', () => {
    const cold = sumTrial(
      events(
        response({ coldCostUsd: 0.5 }),
        response(),
        toolResult(1),
        response({ role: 'judge', coldCostUsd: 9 }),
      ),
    )
    expect([cold.costUsd, cold.coldCostUsd]).toEqual([1.5, 1.75])
    const partly = sumTrial(events(response({ coldCostUsd: 0.5 }), unpricedAnswer()))
    expect(partly.coldCostUsd).toBeUndefined()
  })

  it('names the models of which an answer has no price, and has no cost then', () => {
    const unpriced = (modelRequested: string, role: Response['role'] = 'agent'): Response =>
      unpricedAnswer({ modelRequested, role })
    const sums = sumTrial(events(unpriced('b:x'), response(), unpriced('a:x'), unpriced('b:x')))
    expect(sums.unpricedModels).toEqual(['a:x', 'b:x'])
    expect([sums.costUsd, sums.costByRole, sums.inputTokens]).toEqual([
      undefined,
      { agent: 0.25 },
      400,
    ])
    const ofJudge = sumTrial(events(response(), unpriced('j:x', 'judge')))
    expect([ofJudge.costUsd, ofJudge.unpricedModels]).toEqual([0.25, ['j:x']])
    const many = Array.from({ length: 50 }, (_, index) => unpriced(`m:${index}`))
    expect(sumTrial(events(...many)).unpricedModels).toHaveLength(8)
  })

  it('knows no cost of an agent whose model calls nobody saw, whatever its tools cost', () => {
    const sums = sumTrial(events({ type: 'handover', ordinal: 0 }, toolResult(0.5), approval(1000)))
    expect(sums).toEqual({ costByRole: { tools: 0.5 }, modelCalls: 0, humanMs: 1000 })
  })

  it('leaves a recorded answer its cost, and counts it as not paid now', () => {
    const sums = sumTrial(
      events(
        response({ from: 'cassette' }),
        response({ from: 'cassette', role: 'router' }),
        toolResult(0.125),
        response({ role: 'judge', costUsd: 4 }),
      ),
    )
    expect(sums).toMatchObject({
      costUsd: 0.625,
      costByRole: { agent: 0.25, router: 0.25, tools: 0.125, judge: 4 },
      paidByRole: { tools: 0.125, judge: 4 },
      replayed: 2,
    })
    expect(sumTrial(events(response({ from: 'cassette' })))).toMatchObject({
      costUsd: 0.25,
      paidByRole: {},
    })
    expect(Object.keys(sumTrial(events(response())))).not.toContain('paidByRole')
  })

  it('adds up tokens by kind, where any answer tells them apart', () => {
    const usage = { inputTokens: 100, outputTokens: 50 }
    const sums = sumTrial(
      events(
        response({ usage: { ...usage, cacheReadTokens: 60, reasoningTokens: 0 } }),
        response({ usage: { ...usage, cacheReadTokens: 20 } }),
        response({ usage: { ...usage, cacheWriteTokens: 7 }, role: 'judge' }),
      ),
    )
    expect(sums).toMatchObject({ inputTokens: 200, outputTokens: 100, cacheReadTokens: 80 })
    expect(sums.reasoningTokens).toBe(0)
    expect(Object.keys(sums)).not.toContain('cacheWriteTokens')
  })

  it('counts attempts that were made again, of answers and of failures', () => {
    const attempts = [attempt, attempt]
    const failure = {
      type: 'model.error',
      role: 'agent',
      class: 'rate_limit',
      message: '',
    } as const
    const sums = sumTrial(
      events(response({ retries: 2, attempts }), { ...failure, attempts }, failure),
    )
    // The last attempt of a failure was its end.
    expect(sums.retries).toBe(3)
    expect(sumTrial(events(response())).retries).toBeUndefined()
  })

  it('says which tier ran the task, the last one that was named', () => {
    const route = (tier: string): EventBody => ({ type: 'route', tier, by: 'router' })
    expect(sumTrial(events(route('small'), route('frontier'))).route).toBe('frontier')
    expect(sumTrial(events(response())).route).toBeUndefined()
  })

  it('adds up the time of every approver: two who wait side by side are two people', () => {
    const steps = [
      write('refund', {}, { approvals: [{ latencyMs: 60_000 }, { latencyMs: 30_000 }] }),
      say('Done.'),
    ]
    expect(sumTrial(aTrace({ steps })).humanMs).toBe(90_000)
    expect(sumTrial(aTrace({ steps: [call('a'), say('x')] })).humanMs).toBeUndefined()
  })

  it('takes no time of people where an approver was late, or is no person', () => {
    const base = approval(60_000)
    const sums = sumTrial(
      events(
        approval(1_000),
        { ...base, decision: 'timeout' } as EventBody,
        { ...base, kind: 'agent' } as EventBody,
        { ...base, kind: 'human', decision: 'deny' } as EventBody,
      ),
    )
    expect(sums.humanMs).toBe(61_000)
  })

  it('never makes a cost of the task out of less than all its answers', () => {
    const answers = fc.array(
      fc.record({
        role: fc.constantFrom('agent', 'router', 'judge', 'user_simulator'),
        costUsd: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
        from: fc.constantFrom('live', 'cassette', 'reference'),
      }),
    )
    fc.assert(
      fc.property(answers, (all) => {
        const sums = sumTrial(
          events(
            ...all.map(({ costUsd, ...rest }): EventBody => {
              return costUsd === undefined ? unpricedAnswer(rest) : response({ ...rest, costUsd })
            }),
          ),
        )
        const own = all.filter(({ role }) => role === 'agent' || role === 'router')
        const isKnown = own.length > 0 && own.every(({ costUsd }) => costUsd !== undefined)
        expect(sums.costUsd).toBe(
          isKnown ? own.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0) : undefined,
        )
        const replayed = all.filter(({ from }) => from === 'cassette')
        const paid = all.filter(({ from }) => from !== 'cassette')
        expect(sums.replayed ?? 0).toBe(replayed.length)
        const total = Object.values(sums.paidByRole ?? sums.costByRole).reduce((a, b) => a + b, 0)
        expect(total).toBe(paid.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0))
      }),
    )
  })
})
