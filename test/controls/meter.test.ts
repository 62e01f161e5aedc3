import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChargeKind, startMeter, stricterBudgets } from '../../src/controls/meter.ts'
import { type Budgets, candidateBudgets } from '../../src/schema/budgets.ts'
import { eventBody } from '../../src/schema/trace.ts'

const limits: readonly (readonly [ChargeKind, Budgets, number])[] = [
  ['tokens', { max_total_tokens: 100 }, 100],
  ['tool_calls', { max_tool_calls: 3 }, 3],
  ['model_calls', { max_model_calls: 3 }, 3],
  ['wall_ms', { max_wall_time_seconds: 1.5 }, 1500],
  ['cost_usd', { max_cost_usd: 0.5 }, 0.5],
  ['retrieved_bytes', { max_retrieved_bytes: 5_000 }, 5_000],
]

describe('startMeter', () => {
  it.each(limits)('%s: may be used up, not passed', (kind, budgets, limit) => {
    const meter = startMeter(budgets)
    expect(meter.wouldExceed(kind, limit)).toBe(false)
    expect(meter.left(kind)).toBe(limit)
    expect(meter.wouldExceed(kind, limit * 1.001)).toBe(true)
    expect(meter.charge('agent', kind, limit)).toEqual({
      kind,
      amount: limit,
      total: limit,
      limit,
    })
    expect(meter.exceeded()).toBeUndefined()
    expect(meter.charge('agent', kind, 1)).toMatchObject({ total: limit + 1, exceeded: true })
    expect(meter.exceeded()).toContain(`of ${limit} `)
  })

  it.each(limits)('%s: other limits are left alone', (kind, budgets) => {
    for (const [other] of limits) {
      if (other === kind) continue
      const meter = startMeter(budgets)
      expect(meter.charge('agent', other, 1e9)).not.toHaveProperty('limit')
      expect(meter.exceeded()).toBeUndefined()
    }
  })

  it.each(['human', 'user_simulator', 'judge'] as const)(
    'what a %s takes is listed and does not count',
    (role) => {
      const meter = startMeter({ max_wall_time_seconds: 25 })
      const waited = meter.charge(role, 'wall_ms', 120_000)
      expect(waited).toMatchObject({ total: 120_000, limit: 25_000 })
      expect(waited).not.toHaveProperty('exceeded')
      expect(meter.wouldExceed('wall_ms', 25_000)).toBe(false)
      expect(meter.total('wall_ms')).toBe(120_000)
      expect(meter.own('wall_ms')).toBe(0)
    },
  )

  it.each(['agent', 'router', 'tools'] as const)('what the %s takes counts', (role) => {
    const meter = startMeter({ max_cost_usd: 1 })
    expect(meter.charge(role, 'cost_usd', 2).exceeded).toBe(true)
  })

  it('a limit of zero allows nothing', () => {
    const meter = startMeter({ max_tool_calls: 0, max_cost_usd: 0 })
    expect(meter.wouldExceed('tool_calls', 1)).toBe(true)
    expect(meter.wouldExceed('cost_usd', 0)).toBe(false)
  })

  it('remembers the first limit that was passed', () => {
    const meter = startMeter({ max_total_tokens: 10, max_cost_usd: 1 })
    meter.charge('agent', 'tokens', 11)
    meter.charge('agent', 'cost_usd', 2)
    meter.charge('agent', 'tokens', 5)
    expect(meter.exceeded()).toBe('11 of 10 tokens')
  })

  it('every charge is an event, and the last one has the sum', () => {
    const charge = fc.tuple(fc.constantFrom('agent', 'human', 'tools'), fc.nat(1000))
    fc.assert(
      fc.property(fc.array(charge, { minLength: 1 }), (charges) => {
        const meter = startMeter({ max_wall_time_seconds: 1 })
        const ledger = charges.map(([role, amount]) => meter.charge(role, 'wall_ms', amount))
        eventBody.parse({ type: 'budget', role: 'agent', charges: ledger })
        const sum = charges.reduce((total, [, amount]) => total + amount, 0)
        expect(ledger.at(-1)?.total).toBe(sum)
        const own = charges.filter(([role]) => role !== 'human')
        const ownSum = own.reduce((total, [, amount]) => total + amount, 0)
        expect(meter.exceeded() !== undefined).toBe(ownSum > 1000)
      }),
    )
  })
})

describe('a soft share', () => {
  it.each(limits)('%s: one charge is told, the first that reaches it', (kind, budgets, limit) => {
    const meter = startMeter(budgets, 0.5)
    expect(meter.charge('agent', kind, limit * 0.4)).not.toHaveProperty('soft')
    expect(meter.charge('human', kind, limit)).not.toHaveProperty('soft')
    expect(meter.charge('tools', kind, limit * 0.1)).toMatchObject({ soft: true })
    expect(meter.charge('agent', kind, limit * 0.1)).not.toHaveProperty('soft')
  })

  it('is reached exactly, whatever binary fractions make of it', () => {
    // 0.07 * 100 is 7.000000000000001.
    const meter = startMeter({ max_tool_calls: 100 }, 0.07)
    expect(meter.charge('agent', 'tool_calls', 6)).not.toHaveProperty('soft')
    expect(meter.charge('agent', 'tool_calls', 1)).toMatchObject({ soft: true })
  })

  it('says how much is left', () => {
    const meter = startMeter({ max_tool_calls: 10, max_cost_usd: 0.3 }, 0.8)
    meter.charge('agent', 'tool_calls', 8)
    meter.charge('tools', 'cost_usd', 0.1)
    meter.charge('tools', 'cost_usd', 0.1)
    expect(meter.describe('tool_calls')).toBe('8 of 10 tool calls used, 2 left')
    expect(meter.describe('cost_usd')).toBe('0.2 of 0.3 US dollars used, 0.1 left')
  })

  it('warns of nothing that cannot be helped: a limit that is passed, or is zero', () => {
    const meter = startMeter({ max_tool_calls: 2, max_cost_usd: 0 }, 0.5)
    const passed = meter.charge('agent', 'tool_calls', 3)
    expect(passed).toMatchObject({ exceeded: true })
    expect(passed).not.toHaveProperty('soft')
    expect(meter.charge('agent', 'cost_usd', 0)).not.toHaveProperty('soft')
    expect(startMeter({ max_tool_calls: 2 }).charge('agent', 'tool_calls', 2)).not.toHaveProperty(
      'soft',
    )
  })
})

describe('shrinking', () => {
  it('leaves a share of what is left, in whole ones where they are counted', () => {
    const meter = startMeter({ max_tool_calls: 10, max_cost_usd: 0.5, max_wall_time_seconds: 20 })
    meter.charge('agent', 'tool_calls', 3)
    meter.charge('agent', 'cost_usd', 0.1)
    expect(meter.shrink(0.5)).toEqual({ tool_calls: 3 + 4, cost_usd: 0.3, wall_ms: 10_000 })
    expect(meter.left('tool_calls')).toBe(4)
    expect(meter.wouldExceed('tool_calls', 5)).toBe(true)
    expect(meter.charge('agent', 'tool_calls', 4)).toMatchObject({ limit: 7 })
  })

  it('can take the agent over its soft share; its own next charge tells', () => {
    const meter = startMeter({ max_tool_calls: 10 }, 0.8)
    meter.charge('agent', 'tool_calls', 5)
    expect(meter.shrink(0.1)).toEqual({ tool_calls: 6 })
    expect(meter.charge('human', 'tool_calls', 1)).not.toHaveProperty('soft')
    expect(meter.charge('agent', 'tool_calls', 1)).toMatchObject({ soft: true, limit: 6 })
  })

  it('does not round noise up', () => {
    // 100 * 0.07 is 7.000000000000001.
    expect(startMeter({ max_tool_calls: 100 }).shrink(0.07)).toEqual({ tool_calls: 7 })
  })

  it('never takes what is used already, and never gives anything', () => {
    const share = fc.double({ min: 0.001, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_200), share, (limit, used, left) => {
        const meter = startMeter({ max_tool_calls: limit })
        meter.charge('agent', 'tool_calls', used)
        const shrunk = meter.shrink(left).tool_calls ?? Number.NaN
        expect(shrunk).toBeLessThanOrEqual(limit)
        expect(shrunk).toBeGreaterThanOrEqual(Math.min(limit, used))
        expect(Number.isInteger(shrunk)).toBe(true)
        expect(meter.exceeded() !== undefined).toBe(used > limit)
      }),
    )
  })

  it('finds nothing where nothing is limited', () => {
    const meter = startMeter({})
    expect(meter.shrink(0.5)).toEqual({})
    expect(meter.left('tokens')).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('stricterBudgets', () => {
  it('takes the stricter of two, limit by limit', () => {
    expect(
      stricterBudgets(
        { max_tool_calls: 10, max_total_tokens: 100, max_cost_usd: 0 },
        { max_tool_calls: 6, max_wall_time_seconds: 25, max_cost_usd: 3 },
      ),
    ).toEqual({
      max_tool_calls: 6,
      max_total_tokens: 100,
      max_wall_time_seconds: 25,
      max_cost_usd: 0,
    })
    expect(stricterBudgets({}, {})).toEqual({})
  })

  it('leaves out what is no limit of a candidate', () => {
    const written = { max_tool_calls: 10, soft_share: 0.8, dynamic: { empty_results: 3 } }
    const own = candidateBudgets.parse(written)
    expect(stricterBudgets({ max_retrieved_bytes: 9 }, own)).toEqual({
      max_tool_calls: 10,
      max_retrieved_bytes: 9,
    })
  })
})
