import { describe, expect, it } from 'vitest'
import type { ModelFailure } from '../../src/providers/provider.ts'
import { call, chargesOf, run, scripted, told } from './builders.ts'

const refund = (amount: number): ReturnType<typeof call> => call('pay.refund', { amount })
const many = (count: number): ReturnType<typeof call>[] =>
  Array.from({ length: count }, (_, index) => refund(index + 1))

describe('budgets', () => {
  it('tool calls: the call over the limit is not made', async () => {
    const ran = await run([many(5)], { plan: { budgets: { max_tool_calls: 2 } } })
    expect(ran.end).toMatchObject({
      termination: 'budget',
      message: '2 tool calls, no more allowed',
    })
    expect(ran.of('tool.proposed')).toHaveLength(2)
    expect(ran.state).toMatchObject({ refunds: [1, 2] })
  })

  it('tool calls: as many as the limit are fine', async () => {
    const ran = await run([many(2), 'Done.'], { plan: { budgets: { max_tool_calls: 2 } } })
    expect(ran.termination).toBe('done')
  })

  it('tool calls: refused and unknown ones count', async () => {
    const ran = await run([[call('nowhere'), call('pay.refund', 'x'), refund(1)]], {
      plan: { budgets: { max_tool_calls: 2 } },
    })
    expect(ran.termination).toBe('budget')
    expect(told(ran)).toEqual(['unknown_tool', 'invalid_arguments'])
  })

  it('tokens: a spent answer ends the trial before its calls run', async () => {
    const ran = await run([[refund(1)], [refund(2)]], {
      plan: { budgets: { max_total_tokens: 219 } },
    })
    expect(ran.end).toMatchObject({ termination: 'budget', message: '220 of 219 tokens' })
    expect(ran.state).toMatchObject({ refunds: [1] })
    const exceeded = chargesOf(ran.of('budget')).filter((entry) => entry.exceeded === true)
    expect(exceeded).toMatchObject([{ kind: 'tokens', total: 220, limit: 219 }])
  })

  it('model calls: the model is not asked once more', async () => {
    const model = scripted([[refund(1)], [refund(2)], 'Done.'])
    const ran = await run(model, { plan: { budgets: { max_model_calls: 2 } } })
    expect(ran.end).toMatchObject({
      termination: 'budget',
      message: '2 model calls, no more allowed',
    })
    expect(model.asked).toHaveLength(2)
    const enough = await run([[refund(1)], 'Done.'], { plan: { budgets: { max_model_calls: 2 } } })
    expect(enough.termination).toBe('done')
  })

  it('wall time: model and tools together, within one answer too', async () => {
    const ran = await run([many(10)], { plan: { budgets: { max_wall_time_seconds: 2 } } })
    expect(ran.termination).toBe('budget')
    expect(ran.of('tool.result')).toHaveLength(3)
    expect(ran.end.elapsedMs).toBe(2200)
  })

  it('cost: of tools too, within one answer too', async () => {
    const ran = await run([many(10)], { plan: { budgets: { max_cost_usd: 0.6 } } })
    expect(ran.end).toMatchObject({ termination: 'budget', message: '0.76 of 0.6 US dollars' })
    expect(ran.of('tool.result')).toHaveLength(3)
  })

  it('hold for the whole talk', async () => {
    const plan = { budgets: { max_tool_calls: 1 } }
    const ran = await run([[refund(1)], 'Next?', [refund(2)]], { plan, turns: ['a', 'b'] })
    expect(ran.termination).toBe('budget')
    expect(ran.state).toMatchObject({ refunds: [1] })
  })
})

describe('stop conditions', () => {
  it('max_turns: so many requests and no more', async () => {
    const model = scripted(({ ordinal }) => [refund(ordinal + 1)])
    const ran = await run(model, { candidate: { stop: { max_turns: 4 } } })
    expect(ran.end).toMatchObject({ termination: 'max_turns', message: '4 model requests' })
    expect(model.asked).toHaveLength(4)
  })

  it('loop: the same call with the same answer', async () => {
    const ran = await run(scripted(() => [call('crm.read')]))
    expect(ran.termination).toBe('loop')
    expect(ran.of('tool.result')).toHaveLength(3)
    const later = await run(
      scripted(() => [call('crm.read')]),
      { candidate: { stop: { repeats: 5 } } },
    )
    expect(later.of('tool.result')).toHaveLength(5)
  })

  it('loop: a cycle of calls', async () => {
    const ran = await run(
      scripted(({ ordinal }) => [ordinal % 2 === 0 ? call('crm.read') : call('nowhere')]),
    )
    expect(ran.termination).toBe('loop')
    expect(ran.of('tool.result')).toHaveLength(6)
  })

  it('loop: what is denied again and again', async () => {
    const rules = [{ tool: 'pay.refund', condition: 'input.amount <= 50' }]
    const model = scripted(() => [refund(60)])
    const denied = await run(model, { rules })
    expect(denied.end).toMatchObject({
      termination: 'loop',
      message: 'the same calls with the same answers',
    })
    expect(told(denied)).toEqual(Array.from({ length: 3 }, () => 'denied_by_policy'))
    const pending = await run(model)
    expect(pending.termination).toBe('loop')
    const candidate = { tools: { allowlist: ['crm.read'] } }
    const mistaken = await run(
      scripted(() => [call('pay.refund', 'no json')]),
      { candidate },
    )
    expect(mistaken.termination).toBe('loop')
  })

  it('loop: side by side, within one answer and over many', async () => {
    const batch = await run([Array.from({ length: 5 }, () => call('crm.read')), 'Done.'])
    expect(batch.termination).toBe('loop')
    expect(batch.of('tool.result')).toHaveLength(3)
    const searches = [1, 2, 3, 4, 5].map((found) => call('crm.search', { found }))
    const rounds = await run(scripted(() => searches))
    expect(rounds.termination).toBe('loop')
    expect(rounds.of('tool.result')).toHaveLength(15)
  })

  it('no loop: the same call with other answers', async () => {
    const model = scripted(() => [call('crm.clock')])
    const ran = await run(model, { candidate: { stop: { max_turns: 8 } } })
    expect(ran.termination).toBe('max_turns')
  })

  it('refusal: what the model said is kept, its calls do not run', async () => {
    const words = { type: 'text', text: 'I cannot.' } as const
    const ran = await run([{ content: [words, refund(5)], stopReason: 'refusal' }])
    expect(ran.termination).toBe('refusal')
    expect(ran.of('message').at(-1)?.content).toContainEqual(words)
    expect(ran.of('tool.proposed')).toEqual([])
  })

  it('empty answers end their turn, and the talk ends', async () => {
    const model = scripted(() => ({ content: [], stopReason: 'tool_calls' }))
    const ran = await run(model, { turns: ['a', 'b', 'c'] })
    expect(ran.termination).toBe('done')
    expect(model.asked).toHaveLength(3)
  })
})

describe('a provider that fails', () => {
  const classes: readonly ModelFailure['class'][] = [
    'rate_limit',
    'transient',
    'auth',
    'bad_request',
    'timeout',
    'bug',
  ]

  it.each(classes)("%s is the surroundings' fault", async (failure) => {
    const ran = await run([[refund(1)], { error: { class: failure, message: 'no' } }])
    expect(ran.end).toMatchObject({ termination: 'provider_error', message: `${failure}: no` })
    expect(ran.of('model.error')).toMatchObject([{ class: failure, message: 'no', role: 'agent' }])
    expect(chargesOf(ran.of('budget')).filter(({ kind }) => kind === 'model_calls')).toHaveLength(1)
  })

  it("context_overflow is the agent's fault", async () => {
    const ran = await run([{ error: { class: 'context_overflow', message: 'too long' } }])
    expect(ran.end).toMatchObject({ termination: 'context_overflow', message: 'too long' })
  })
})

describe('an abort', () => {
  it('ends the trial before the next request', async () => {
    const control = new AbortController()
    const model = scripted(({ ordinal }) => {
      control.abort()
      return [refund(ordinal + 1)]
    })
    const ran = await run(model, { signal: control.signal })
    expect(ran.termination).toBe('aborted')
    expect(model.asked).toHaveLength(1)
    expect(ran.state).toMatchObject({ refunds: [1] })
  })

  it('that makes the provider fail is no provider error', async () => {
    const control = new AbortController()
    const model = scripted(() => {
      control.abort()
      return { error: { class: 'timeout', message: 'aborted' } }
    })
    expect((await run(model, { signal: control.signal })).termination).toBe('aborted')
  })

  it('before the first request asks nothing', async () => {
    const model = scripted([])
    const ran = await run(model, { signal: AbortSignal.abort() })
    expect(ran.termination).toBe('aborted')
    expect(model.asked).toEqual([])
  })
})
