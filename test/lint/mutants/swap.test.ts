import { describe, expect, it } from 'vitest'
import { swap } from '../../../src/lint/mutants/swap.ts'
import { aRefund, refundSteps } from '../shop.ts'
import { deedsOf, mutantsOf, written } from './mutate.ts'

const verify = { call: 'crm.verify', args: { customer: 'C-1', postcode: '94110' } }
const allowed = [{ tool: 'crm.verify' }, { tool: 'orders.refund', max: 2 }]

describe('swap', () => {
  it('swaps two writes with only a read between them', async () => {
    const one = aRefund({ oracle: [verify, ...refundSteps], expect: { effects: { allowed } } })
    const [only, ...others] = await mutantsOf(swap, one)
    expect(others).toEqual([])
    expect(only).toMatchObject({
      name: 'swap:1-3',
      does: 'calls orders.refund before crm.verify',
      hint: 'if the order matters, say so: calls with tool: crm.verify and before: orders.refund',
    })
    expect(written(only).map((line) => line.split('(')[0])).toEqual([
      'call orders.refund',
      'call orders.get',
      'call crm.verify',
      'say "I have refunded O-1 in full."',
    ])
  })

  it('does not swap across turns', async () => {
    const one = aRefund({
      conversation: [{ say: 'C-1, 94110.' }, { say: 'My O-1 is broken.' }],
      oracle: [verify, { say: 'Thanks.' }, ...refundSteps],
      expect: { effects: { allowed } },
    })
    expect(await deedsOf(swap, one)).toEqual({})
  })

  it('tells two calls of one tool apart', async () => {
    const other = { call: 'orders.refund', args: { id: 'O-3', amount_usd: 9, reason: 'late' } }
    const oracle = [...refundSteps.slice(0, 2), other, { say: 'Done.' }]
    expect(await deedsOf(swap, aRefund({ oracle, expect: { effects: { allowed } } }))).toEqual({
      'swap:2-3':
        'calls orders.refund(id="O-3", amount_usd=9, reason="late") before orders.refund(id="O-1", amount_usd=40, reason="damaged")',
    })
  })
})
