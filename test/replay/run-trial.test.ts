import { describe, expect, it } from 'vitest'
import { createReferenceProvider } from '../../src/providers/reference/reference.ts'
import { oracle } from '../../src/schema/oracle.ts'
import { someApprovers } from '../builders/approvers.ts'
import { call, chargesOf, run, scripted } from './builders.ts'

const reads = [call('crm.read')]
const refunds = [call('pay.refund', { amount: 40 })]

describe('a trial', () => {
  it('goes from the first message to its end', async () => {
    const ran = await run([reads, refunds, 'Done.'])
    expect(ran.events.map((event) => event.type)).toEqual([
      'trial.start',
      'message',
      'message',
      ...['model.request', 'model.response', 'budget', 'message'],
      ...['tool.proposed', 'budget', 'budget', 'tool.result', 'budget'],
      ...['model.request', 'model.response', 'budget', 'message'],
      ...['tool.proposed', 'budget', 'budget', 'tool.result', 'budget'],
      ...['model.request', 'model.response', 'budget', 'message'],
      'trial.end',
    ])
    expect(ran.termination).toBe('done')
    expect(ran.state).toMatchObject({ total: 40, refunds: [40] })
    expect(ran.of('trial.start')[0]).toMatchObject({
      mode: 'enforce',
      seed: 7,
      clock: '2026-01-05T09:00:00.000Z',
    })
    expect(ran.of('trial.start')[0]).not.toHaveProperty('twinOf')
    expect(ran.end.elapsedMs).toBe(3 * 1000 + 100 + 400)
  })

  it('names the case that it is the benign twin of', async () => {
    const ran = await run(['Done.'], { plan: { twinOf: 'refund.attacked' } })
    expect(ran.of('trial.start')[0]?.twinOf).toBe('refund.attacked')
  })

  it('sends the whole conversation, with results under their calls', async () => {
    const model = scripted([reads, 'Which one?', 'Done.'])
    await run(model, { turns: ['Hello.', 'That one.'] })
    expect(model.asked.map(({ messages }) => messages.map(({ role }) => role).join(' '))).toEqual([
      'system user',
      'system user assistant tool',
      'system user assistant tool assistant user',
    ])
    expect(model.asked[1]?.messages[3]?.content).toEqual([
      {
        type: 'tool_result',
        callId: reads[0]?.callId,
        tool: 'crm.read',
        isError: false,
        value: { body: 'Where is my order? bob@example.com' },
      },
    ])
    expect(model.asked.map(({ ordinal, seed, trial }) => [ordinal, seed, trial])).toEqual([
      [0, 7, 'refund.full#1'],
      [1, 7, 'refund.full#1'],
      [2, 7, 'refund.full#1'],
    ])
  })

  it('tells the model nothing of tiers, guards or grading', async () => {
    const model = scripted(['Done.'])
    await run(model)
    expect(Object.keys(model.asked[0]?.tools[0] ?? {})).toEqual(['name', 'description', 'input'])
    expect(JSON.stringify(model.asked)).not.toContain('tier')
  })

  it('passes sampling on, and nothing that was not set', async () => {
    const model = scripted(['Done.'])
    await run(model, { candidate: { sampling: { temperature: 0, max_output_tokens: 50 } } })
    await run(model)
    expect(model.asked.map(({ sampling }) => sampling)).toEqual([
      { temperature: 0, max_output_tokens: 50 },
      {},
    ])
  })

  it('records what a model of unknown price used, and no price', async () => {
    const model = scripted(['Hi.'])
    const priced = await run(model)
    expect(priced.of('model.response')[0]?.costUsd).toBe(0.01)
    const free = await run({
      complete: async (request, signal) => {
        const reply = await model.complete(request, signal)
        if (reply.ok) delete (reply.response as { costUsd?: number }).costUsd
        return reply
      },
    })
    expect(free.of('model.response')[0]).not.toHaveProperty('costUsd')
    expect(chargesOf(free.of('budget')).map(({ kind }) => kind)).not.toContain('cost_usd')
  })

  it('plays the reference provider to the same bytes each time', async () => {
    const steps = oracle.parse([
      { call: 'crm.read' },
      { call: 'pay.refund', args: { amount: 40, key: 'k' } },
      { say: 'Paid {$2.total}.' },
    ])
    const tools = new Map([['pay.refund', { effect: 'write' as const, idempotency: 'key' }]])
    const provider = createReferenceProvider(() => ({ oracle: steps, tools }))
    const first = await run({
      complete: (request, signal) => provider.complete({ ...request, model: '?double=1' }, signal),
    })
    expect(first.state).toMatchObject({ total: 80 })
    expect(first.termination).toBe('done')
    const second = await run({
      complete: (request, signal) => provider.complete({ ...request, model: '?double=1' }, signal),
    })
    expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events))
  })

  it('throws a fault of ours on', async () => {
    await expect(run([])).rejects.toThrow('not in the script')
  })

  it('two at once do not see each other', async () => {
    const answers = [refunds, [call('pay.refund', { amount: 1 })], 'Done.']
    const [a, b, alone] = await Promise.all([run(answers), run(answers), run(answers)])
    expect(a.state).toMatchObject({ total: 41, refunds: [40, 1] })
    expect(JSON.stringify(a.events)).toBe(JSON.stringify(b.events))
    expect(JSON.stringify(a.events)).toBe(JSON.stringify(alone.events))
  })
})

describe('the virtual clock', () => {
  const clock = [call('crm.clock')]

  it('moves by the latency of tools, not of a live model', async () => {
    const ran = await run([refunds, clock, 'Done.'])
    expect(ran.of('tool.result').at(-1)?.value).toBe('2026-01-05T09:00:00.400Z')
  })

  it('moves by the latency that the reference provider declares', async () => {
    const ran = await run([{ content: clock, from: 'reference' }, 'Done.'])
    expect(ran.of('tool.result')[0]?.value).toBe('2026-01-05T09:00:01.000Z')
  })

  it('moves while people are asked', async () => {
    const ran = await run([[call('pay.refund', { amount: 60 })], clock, 'Done.'], {
      plan: {
        approvers: someApprovers({ principal: 'ana', decision: 'approve', latency_ms: 5000 }),
      },
    })
    expect(ran.of('tool.result').at(-1)?.value).toBe('2026-01-05T09:00:05.400Z')
  })
})
