import { describe, expect, it } from 'vitest'
import { drop } from '../../../src/lint/mutants/drop.ts'
import { aRefund, refundSteps } from '../shop.ts'
import { deedsOf, mutantsOf, written } from './mutate.ts'

describe('drop', () => {
  it('leaves out each call, and not the last words', async () => {
    expect(await deedsOf(drop, aRefund())).toEqual({
      'drop:1': 'never calls orders.get',
      'drop:2': 'never calls orders.refund',
    })
  })

  it('names the arguments where the tool is called more than once', async () => {
    const steps = [{ call: 'orders.get', args: { id: 'O-3' } }, ...refundSteps]
    expect(await deedsOf(drop, aRefund({ oracle: steps }))).toMatchObject({
      'drop:1': 'does not call orders.get(id="O-3")',
      'drop:2': 'does not call orders.get(id="O-1")',
    })
  })

  it('goes on without a question', async () => {
    const one = aRefund({
      conversation: [{ say: 'My lamp is broken.' }, { say: 'It is O-1.' }],
      oracle: [{ say: 'Which order is it?' }, ...refundSteps],
    })
    const [first] = await mutantsOf(drop, one)
    expect(first?.does).toBe('does not say "Which order is it?" before it goes on')
    expect(first?.hint).toBe('expect these words: says, with scope: { turn: N }')
    expect(written(first)).toEqual([
      'call orders.get(id="O-1")',
      'call orders.refund(id="O-1", amount_usd=40, reason="damaged")',
      'say "I have refunded O-1 in full."',
    ])
  })

  it('keeps the values that later steps had from the dropped one', async () => {
    const oracle = [
      refundSteps[0],
      { call: 'orders.refund', args: { id: 'O-1', amount_usd: 40, reason: 'damaged' } },
      { call: 'mail.send', args: { to: '$1.customer', text: 'Refunded, {$2.refund}' } },
      { say: 'I have refunded it: {$2.refund}.' },
    ].flatMap((step) => step ?? [])
    const expectation = { effects: { allowed: [{ tool: 'orders.refund' }, { tool: 'mail.send' }] } }
    const mutants = await mutantsOf(drop, aRefund({ oracle, expect: expectation }))
    expect(mutants.map(({ name }) => name)).toEqual(['drop:1', 'drop:2', 'drop:3'])
    expect(written(mutants[1])).toEqual([
      'call orders.get(id="O-1")',
      'call mail.send(to="C-1", text="Refunded, {$2.refund}")',
      'say "I have refunded it: R-1."',
    ])
  })

  it('asks for proof of a read, and for the effect of a write', async () => {
    const mutants = await mutantsOf(drop, aRefund())
    expect(mutants.map(({ hint, path }) => ({ hint, path }))).toEqual([
      {
        hint: 'ask for proof of it: evidence (a read) or calls with orders.get and its arguments',
        path: ['oracle', 0],
      },
      {
        hint: 'require it: effects.required with orders.refund and its arguments',
        path: ['oracle', 1],
      },
    ])
  })
})
