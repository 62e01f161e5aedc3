import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProposedAction } from '../../../../src/controls/policy-engine.ts'
import type { JsonObject } from '../../../../src/schema/json.ts'
import { aCall, aReply, atOnce, type Earlier, type Rule } from './ask.ts'

type AtMost = NonNullable<Rule['at_most']>

function decision(
  at_most: AtMost,
  calls: readonly Earlier[],
  proposed: Partial<ProposedAction> = {},
): unknown {
  const rule: Rule = { tool: 'payments.*', at_most, on_fail: 'escalate_to_human' }
  const said = atOnce([rule], aCall(proposed, calls))
  return said?.rules[0]?.error ?? said?.decision
}

const of = (args: JsonObject, more: Partial<Earlier> = {}): Earlier => ({ args, ...more })
const times = (count: number, call: Earlier = {}): readonly Earlier[] =>
  Array.from({ length: count }, () => call)

describe('a count', () => {
  it('is of executed calls with this one', () => {
    expect(decision({ count: 0 }, [])).toBe('escalate')
    expect(decision({ count: 2 }, times(1))).toBe('allow')
    expect(decision({ count: 2 }, times(2))).toBe('escalate')
  })

  it('is of the tools that the rule covers, whatever their tier', () => {
    const others = [...times(9, { tool: 'crm.read' }), { tool: 'payments.void' }]
    expect(decision({ count: 2 }, others)).toBe('allow')
    expect(decision({ count: 1 }, others)).toBe('escalate')
    const rule: Rule = { at_most: { count: 10 } }
    expect(atOnce([rule], aCall({}, others))?.decision).toBe('deny')
    const small: Rule = { when: 'input.usd < 10', tiers: [2], at_most: { count: 1 } }
    const large = [of({ usd: 100 })]
    expect(atOnce([small], aCall({ args: { usd: 1 } }, large))?.decision).toBe('deny')
    expect(atOnce([small], aCall({ args: { usd: 1 }, tier: 3 }, large))).toBeUndefined()
  })

  it('is apart for each value of `by`', () => {
    const by = 'input.customer'
    const calls = [of({ customer: 'C-1' }), of({ customer: 'C-2' }), of({ customer: 'C-2' })]
    const ask = (customer: JsonObject[string]): unknown =>
      decision({ count: 2, by }, calls, { args: { customer } })
    expect(ask('C-1')).toBe('allow')
    expect(ask('C-2')).toBe('escalate')
    expect(ask('c-2')).toBe('allow')
    expect(decision({ count: 1, by }, [of({ customer: 7 })], { args: { customer: '7' } })).toBe(
      'allow',
    )
    expect(decision({ count: 1, by }, [of({ customer: 7.0 })], { args: { customer: 7 } })).toBe(
      'escalate',
    )
    const pair = '[input.customer, tool.name]'
    expect(decision({ count: 1, by: pair }, calls, { args: { customer: 'C-1' } })).toBe('escalate')
  })

  it('cannot be told where a key cannot, of this call or an earlier one, also of the first', () => {
    const by = 'input.customer'
    expect(decision({ count: 5, by }, [])).toMatch(/customer/)
    expect(decision({ count: 5, by }, [of({})], { args: { customer: 'C-1' } })).toMatch(/customer/)
    expect(decision({ count: 5, by: 'tool.tier' }, [])).toMatch(/tier/)
    expect(decision({ count: 5, by: 'calls' }, [])).toMatch(/calls/)
  })

  it('asks the world who it is, where the rule sees it', () => {
    const rule: Rule = { at_most: { count: 1, by: 'state.orders[input.order].customer' } }
    const question = aCall({ args: { order: 'O-1' } }, [of({ order: 'O-1' })])
    expect(atOnce([rule], question, true)?.rules[0]).toMatchObject({
      decision: 'deny',
      reason: 'call 2 of at most 1 in this task',
    })
    expect(atOnce([rule], question, false)?.rules[0]?.error).toContain('state')
  })
})

describe('a total', () => {
  it('adds up what tools say that they move', () => {
    expect(decision({ total: 100 }, [{ usd: 60 }], { usd: 40 })).toBe('allow')
    expect(decision({ total: 100 }, [{ usd: 60 }], { usd: 40.01 })).toBe('escalate')
    expect(decision({ total: 100 }, [], { usd: 100.01 })).toBe('escalate')
    expect(decision({ total: 0 }, [], { usd: 0 })).toBe('allow')
  })

  it('cannot be told where one of them does not', () => {
    const unknown = 'a tool does not say how many dollars it moves'
    expect(decision({ total: 100 }, [])).toBe(unknown)
    expect(decision({ total: 100 }, [{}], { usd: 1 })).toBe(unknown)
  })

  it('adds up an amount of the arguments', () => {
    const amount = 'input.cents / 100.0'
    const ask = (cents: number, ...before: number[]): unknown =>
      decision(
        { total: 50, amount },
        before.map((one) => of({ cents: one })),
        { args: { cents } },
      )
    expect(ask(5_000)).toBe('allow')
    expect(ask(5_001)).toBe('escalate')
    expect(ask(1, 2_500, 2_499)).toBe('allow')
    expect(ask(2, 2_500, 2_499)).toBe('escalate')
    expect(ask(1_999, 3_001)).toBe('allow')
  })

  it.each([
    ['a text', "'5'", 'an amount is no number'],
    ['nothing', 'null', 'an amount is no number'],
    ['true', 'true', 'an amount is no number'],
    ['negative', '-1', 'an amount is negative'],
    ['hardly negative', '-0.001', 'an amount is negative'],
  ])('an amount that is %s cannot be told', (_, amount, error) => {
    expect(decision({ total: 100, amount }, [])).toBe(error)
  })

  it('an amount that is missing or endless cannot be told', () => {
    expect(decision({ total: 100, amount: 'input.usd' }, [])).toMatch(/usd/)
    expect(decision({ total: 100, amount: '1.0 / 0.0' }, [])).toMatch(/./)
    const amount = 'input.usd'
    expect(decision({ total: 100, amount }, [of({})], { args: { usd: 1 } })).toMatch(/usd/)
  })

  it('a negative amount of an earlier call makes no room', () => {
    const amount = 'input.usd'
    const said = decision({ total: 100, amount }, [of({ usd: -500 })], { args: { usd: 101 } })
    expect(said).toBe('an amount is negative')
  })

  it('has no dust of floats: 0.1 + 0.2 is no more than 0.3', () => {
    expect(0.1 + 0.2 > 0.3).toBe(true)
    expect(decision({ total: 0.3 }, [{ usd: 0.1 }], { usd: 0.2 })).toBe('allow')
    expect(decision({ total: 0.3 }, [{ usd: 0.1 }], { usd: 0.201 })).toBe('escalate')
    expect(decision({ total: 1 }, times(9, { usd: 0.1 }), { usd: 0.1 })).toBe('allow')
    expect(decision({ total: 1 }, times(9, { usd: 0.1 }), { usd: 0.11 })).toBe('escalate')
  })

  it('small amounts add up, and huge ones do not vanish', () => {
    expect(decision({ total: 1 }, times(3_000, { usd: 0.0004 }), { usd: 0.0004 })).toBe('escalate')
    expect(decision({ total: 1e306 }, [{ usd: 1e308 }], { usd: 1e308 })).toBe('escalate')
    expect(decision({ total: 1e306 }, [], { usd: 1e307 })).toBe('escalate')
  })

  it('is exact in cents, whatever the order', () => {
    const cents = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 8 }), cents, cents, (before, own, total) => {
        const sum = before.reduce((a, b) => a + b, own)
        const calls = before.map((one) => ({ usd: one / 100 }))
        const expected = sum <= total ? 'allow' : 'escalate'
        expect(decision({ total: total / 100 }, calls, { usd: own / 100 })).toBe(expected)
        expect(decision({ total: sum / 100 }, calls, { usd: own / 100 })).toBe('allow')
      }),
    )
  })
})

describe('the stretch', () => {
  const at = (time: string): Earlier => ({ at: `2026-01-0${time}Z` })
  // It is 09:00 on the fifth.
  const calls = [
    at('4T08:59:59.999'),
    at('4T09:00:00.000'),
    at('4T09:00:00.001'),
    at('5T08:00:00.000'),
    at('5T08:00:00.001'),
    at('5T08:59:59.500'),
    at('5T09:00:00.000'),
  ]
  it.each([
    ['action', 0],
    ['task', 7],
    ['day', 5],
    ['hour', 3],
    [1, 2],
    [0.5, 1],
    [3_600, 3],
    [1e12, 7],
  ] as const)('%s: %d earlier calls', (within, earlier) => {
    expect(decision({ count: earlier + 1, within }, calls)).toBe('allow')
    expect(decision({ count: earlier, within }, calls)).toBe('escalate')
  })

  it('a day is the last 24 hours, whatever the date', () => {
    expect(decision({ count: 1, within: 'day' }, [at('4T23:00:00')])).toBe('escalate')
  })

  it('cannot be told where a call does not say when it was', () => {
    for (const time of ['yesterday', '', '2026-01-05']) {
      expect(decision({ count: 5, within: 'hour' }, [{ at: time }])).toMatch(/^when an earlier/)
      expect(decision({ count: 5, within: 'task' }, [{ at: time }])).toBe('allow')
    }
  })

  it('of an action looks at that alone', () => {
    const amount = 'input.usd'
    const spent = [of({ usd: 100 }), of({})]
    const ask = (usd: number): unknown =>
      decision({ total: 50, amount, within: 'action' }, spent, { args: { usd } })
    expect(ask(50)).toBe('allow')
    expect(ask(51)).toBe('escalate')
  })
})

describe('at_most', () => {
  it('says how far it is', () => {
    const reason = (at_most: AtMost, description?: string): string | undefined =>
      atOnce(
        [{ at_most, ...(description !== undefined && { description }) }],
        aCall({ usd: 12.5 }, [{ usd: 0.1 }]),
      )?.rules[0]?.reason
    expect(reason({ count: 1, within: 'hour' })).toBe('call 2 of at most 1 within the last hour')
    expect(reason({ total: 12, within: 90 })).toBe('12.6 of at most 12 within 90 seconds')
    expect(reason({ total: 13 })).toBe('12.6 of at most 13 in this task')
    expect(reason({ total: 12 }, 'no more than a dozen')).toBe(
      'no more than a dozen (12.6 of at most 12 in this task)',
    )
  })

  it('counts calls, and a reply is none', () => {
    const said = atOnce([{ at_most: { count: 9 }, sees: ['reply'] }], aReply('hello'))
    expect(said?.rules[0]).toMatchObject({ decision: 'deny', error: expect.any(String) as string })
  })
})
