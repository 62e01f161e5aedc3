import { describe, expect, it } from 'vitest'
import { change, redirect } from '../../../src/lint/mutants/change.ts'
import { aRefund, aRefundExpecting, refundSteps } from '../shop.ts'
import { deedsOf, mutantsOf } from './mutate.ts'

const anything = { effects: { allowed: [{ tool: 'orders.refund' }, { tool: 'mail.send' }] } }

describe('change', () => {
  it('passes another valid value of the same type, but leaves ids alone', async () => {
    expect(await deedsOf(change, aRefund())).toEqual({
      'change:2.amount_usd': 'passes amount_usd 39 instead of 40 to orders.refund',
      'change:2.reason': 'passes reason "late" instead of "damaged" to orders.refund',
    })
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

describe('redirect', () => {
  it('passes the id of another record, the most alike first', async () => {
    expect(await deedsOf(redirect, aRefund({ expect: anything }))).toEqual({
      // O-3 has the same owner and was delivered too; O-2 is neither.
      'redirect:1.id': 'passes id "O-3" instead of "O-1" to orders.get',
      'redirect:2.id': 'passes id "O-3" instead of "O-1" to orders.refund',
    })
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
