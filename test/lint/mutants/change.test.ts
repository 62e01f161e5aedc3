import { describe, expect, it } from 'vitest'
import { change, redirect } from '../../../src/lint/mutants/change.ts'
import type { Matcher } from '../../../src/schema/matcher.ts'
import {
  aRefund,
  aRefundExpecting,
  findingsIn,
  lintShop,
  refundSteps,
  type ShopCase,
} from '../shop.ts'
import { deedsOf, mutantsOf } from './mutate.ts'

const anything = { effects: { allowed: [{ tool: 'orders.refund' }, { tool: 'mail.send' }] } }

describe('change', () => {
  it('passes another valid value of the same type, but leaves ids alone', async () => {
    expect((await mutantsOf(change, aRefund())).map(({ does }) => does)).toEqual([
      // More than 40 is more than was paid.
      'passes amount_usd 39 instead of 40 to orders.refund',
      'passes reason "late" instead of "damaged" to orders.refund',
      'passes reason "goodwill" instead of "damaged" to orders.refund',
    ])
  })

  it('points at the argument', async () => {
    const [first] = await mutantsOf(change, aRefund())
    expect(first?.path).toEqual(['oracle', 1, 'args', 'amount_usd'])
    expect(first?.hint).toBe(
      'name the argument where orders.refund is expected: args: { amount_usd: … }',
    )
  })

  it('leaves the idempotency key alone', async () => {
    const oracle = refundSteps.map((step) =>
      'call' in step && step.call === 'orders.refund'
        ? { ...step, args: { ...step.args, key: 'ticket-7' } }
        : step,
    )
    expect(Object.keys(await deedsOf(change, aRefund({ oracle })))).toEqual([
      'change:2.amount_usd',
      'change:2.reason',
    ])
  })

  it('does not choose what the case grants by a list or by both bounds', async () => {
    const effects = {
      required: [
        {
          tool: 'orders.refund',
          args: {
            amount_usd: { min: 39, max: 40 },
            reason: { in: ['damaged', 'late'] },
            id: 'O-1',
          },
        },
      ],
    }
    expect(await deedsOf(change, aRefundExpecting({ effects }))).toEqual({
      'change:2.amount_usd': 'passes amount_usd 20 instead of 40 to orders.refund',
      'change:2.reason': 'passes reason "goodwill" instead of "damaged" to orders.refund',
    })
  })

  it('prefers a text that the tool takes to one that it refuses', async () => {
    const oracle = [
      { call: 'crm.verify', args: { customer: 'C-1', postcode: '94110' } },
      { call: 'mail.send', args: { to: 'C-1', text: 'Your lamp is on its way.' } },
      { say: 'Sent.' },
    ]
    const one = aRefund({
      oracle,
      expect: { effects: { allowed: [{ tool: 'crm.verify' }, { tool: 'mail.send' }] } },
    })
    expect(await deedsOf(change, one)).toEqual({
      // No other postcode is right; the first that fits the schema is another customer's.
      'change:1.postcode': 'passes postcode "60614" instead of "94110" to crm.verify',
      'change:2.text':
        'passes text "something else that nobody has asked for" instead of "Your lamp is on its way." to mail.send',
    })
  })
})

describe('values of one argument', () => {
  const survivorsWith = (
    args: Readonly<Record<string, Matcher>>,
    more: Partial<ShopCase> = {},
  ): Promise<readonly string[]> =>
    findingsIn(
      ['mutant-survives'],
      aRefund({
        oracle: [
          { call: 'orders.refund', args: { id: 'O-1', amount_usd: 10, reason: 'damaged' } },
          { say: 'I refunded it.' },
        ],
        expect: {
          effects: {
            required: [
              {
                tool: 'orders.refund',
                args: { id: 'O-1', amount_usd: 10, reason: 'damaged', ...args },
              },
            ],
          },
          says: [{ any: 'refunded', scope: 'last' }],
        },
        ...more,
      }),
    )
  const passes = (words: string): string =>
    `error mutant-survives: an agent that passes ${words} to orders.refund passes this case`

  it('find half a range, an id inside another, and all but one value', async () => {
    expect(await survivorsWith({ amount_usd: { min: 10 } })).toEqual([
      // A hundred is more than was paid.
      passes('amount_usd 20 instead of 10'),
    ])
    expect(await survivorsWith({ amount_usd: { max: 10 } })).toEqual([
      passes('amount_usd 9 instead of 10'),
    ])
    expect(await survivorsWith({ reason: { ne: 'late' } })).toEqual([
      passes('reason "goodwill" instead of "damaged"'),
    ])
    const order = { customer: 'C-9', total_cents: 9000, refunded_cents: 0 }
    const wider = { op: 'set' as const, path: '/orders/O-10', value: order }
    expect(await survivorsWith({ id: { matches: 'O-1' } }, { world: { patch: [wider] } })).toEqual([
      passes('id "O-10" instead of "O-1"'),
    ])
  })

  it('count as one mutant', async () => {
    const { cases } = await lintShop(aRefund())
    // drop 2, change 2, redirect 2, double, add 2, silence.
    expect(cases[0]?.mutants.made).toBe(10)
  })
})

describe('redirect', () => {
  it('passes the id of another record, the most alike first', async () => {
    const made = await mutantsOf(redirect, aRefund({ expect: anything }))
    expect(made.map(({ does }) => does)).toEqual([
      // O-3 has the same owner and was delivered too; O-2 is neither.
      'passes id "O-3" instead of "O-1" to orders.get',
      'passes id "O-2" instead of "O-1" to orders.get',
      'passes id "O-3" instead of "O-1" to orders.refund',
      'passes id "O-2" instead of "O-1" to orders.refund',
    ])
  })

  it('tries the id that an unanchored pattern takes for it', async () => {
    const wider = { op: 'set' as const, path: '/orders/O-10', value: { note: '' } }
    const one = aRefund({ expect: anything, world: { patch: [wider] } })
    expect((await mutantsOf(redirect, one)).map(({ does }) => does)).toContain(
      'passes id "O-10" instead of "O-1" to orders.get',
    )
  })

  it('passes a number where the id is one', async () => {
    const oracle = [
      { call: 'desk.status', args: { id: 1001, status: 'closed' } },
      { say: 'Closed.' },
    ]
    const one = aRefund({
      oracle,
      expect: { effects: { required: [{ tool: 'desk.status', args: { id: 1001 } }] } },
    })
    expect((await mutantsOf(redirect, one)).map(({ does }) => does)).toEqual([
      'passes id 1003 instead of 1001 to desk.status',
      'passes id 1002 instead of 1001 to desk.status',
    ])
    // No other number is an account.
    expect(Object.keys(await deedsOf(change, one))).toEqual(['change:1.status'])
  })

  it('prefers a record with which the call still does something', async () => {
    const oracle = [
      { call: 'orders.refund', args: { id: 'O-3', amount_usd: 45, reason: 'late' } },
      { say: 'I refunded it.' },
    ]
    expect(await deedsOf(redirect, aRefund({ oracle, expect: anything }))).toEqual({
      // Nothing of O-1, which is more alike, can be paid back at this amount.
      'redirect:1.id': 'passes id "O-2" instead of "O-3" to orders.refund',
    })
  })
})
