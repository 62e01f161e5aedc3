import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChargeKind, startMeter, stricterBudgets } from '../../src/controls/meter.ts'
import type { Budgets } from '../../src/schema/budgets.ts'
import { eventBody } from '../../src/schema/trace.ts'

const limits: readonly (readonly [ChargeKind, Budgets, number])[] = [
  ['tokens', { max_total_tokens: 100 }, 100],
  ['tool_calls', { max_tool_calls: 3 }, 3],
  ['model_calls', { max_model_calls: 3 }, 3],
  ['wall_ms', { max_wall_time_seconds: 1.5 }, 1500],
  ['cost_usd', { max_cost_usd: 0.5 }, 0.5],
]

describe('startMeter', () => {
  it.each(limits)('%s: may be used up, not passed', (kind, budgets, limit) => {
    const meter = startMeter(budgets)
    expect(meter.wouldExceed(kind, limit)).toBe(false)
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
})
