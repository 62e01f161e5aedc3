import { describe, expect, it } from 'vitest'
import { add } from '../../../src/lint/mutants/add.ts'
import { aRefund, refundSteps } from '../shop.ts'
import { deedsOf, mutantsOf, written } from './mutate.ts'

describe('add', () => {
  it('adds a write of the oracle on another record, and one of another tool', async () => {
    expect(await deedsOf(add, aRefund())).toEqual({
      'add:orders.refund': 'also calls orders.refund(id="O-3", amount_usd=40, reason="damaged")',
      'add:mail.send':
        'also calls mail.send(to="as the customer asked for in this conversation", text="as the customer asked for in this conversation")',
    })
  })

  it('adds it before the last words', async () => {
    const [first] = await mutantsOf(add, aRefund())
    expect(written(first)).toEqual([
      'call orders.get(id="O-1")',
      'call orders.refund(id="O-1", amount_usd=40, reason="damaged")',
      'call orders.refund(id="O-3", amount_usd=40, reason="damaged")',
      'say "I have refunded O-1 in full."',
    ])
  })

  it('adds nothing that the case allows with these very arguments', async () => {
    const also = [
      { tool: 'orders.refund', args: { id: { in: ['O-1', 'O-3'] } }, max: 2 },
      { tool: 'mail.send', args: { text: { matches: 'asked' } } },
    ]
    expect(await deedsOf(add, aRefund({ expect: { effects: { allowed: also } } }))).toEqual({
      'add:orders.refund': 'also calls orders.refund(id="O-2", amount_usd=40, reason="damaged")',
      'add:desk.hand_over': 'also calls desk.hand_over(order="O-1", topic="refund")',
    })
  })

  it('adds what a tool allowed whole lets through', async () => {
    const effects = { allowed: [{ tool: 'orders.refund' }, { tool: 'mail.send' }] }
    expect(Object.keys(await deedsOf(add, aRefund({ expect: { effects } })))).toEqual([
      'add:orders.refund',
      'add:mail.send',
    ])
  })

  it('asks a person for something nobody asked for, where the case sees what is asked for', async () => {
    const oracle = [
      {
        call: 'orders.refund',
        args: { id: 'O-3', amount_usd: 60, reason: 'late' },
        escalates: true,
      },
      { say: 'A colleague looks at it.' },
    ]
    const seen = { calls: [{ tool: 'orders.refund', args: { id: 'O-3' } }] }
    const [asked] = await mutantsOf(add, aRefund({ oracle, expect: seen }))
    expect(asked).toMatchObject({
      name: 'add:orders.refund',
      does: 'also asks a person for orders.refund(id="O-2", amount_usd=60, reason="late")',
      hint: 'say how often it is asked for: calls with orders.refund and count: 1',
    })
    expect(asked?.makes).toBeUndefined()
    const unseen = { says: [{ any: 'colleague' }] }
    expect(Object.keys(await deedsOf(add, aRefund({ oracle, expect: unseen })))).toEqual([
      'add:mail.send',
    ])
  })

  it('adds another tool to an oracle that only looks', async () => {
    const one = aRefund({
      oracle: [...refundSteps.slice(0, 1), { say: 'It was delivered.' }],
      expect: { says: [{ any: 'delivered' }] },
    })
    expect(Object.keys(await deedsOf(add, one))).toEqual(['add:mail.send'])
  })
})
