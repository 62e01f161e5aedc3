import { describe, expect, it } from 'vitest'
import { double } from '../../../src/lint/mutants/double.ts'
import { aRefund, refundSteps } from '../shop.ts'
import { deedsOf, mutantsOf, written } from './mutate.ts'

describe('double', () => {
  it('makes each write that took effect once more', async () => {
    const [only, ...others] = await mutantsOf(double, aRefund())
    expect(others).toEqual([])
    expect(only).toMatchObject({
      name: 'double:2',
      does: 'calls orders.refund twice',
      hint: 'allow it once: effects.required with orders.refund, its arguments and count: 1',
    })
    expect(written(only)).toEqual([
      'call orders.get(id="O-1")',
      'call orders.refund(id="O-1", amount_usd=40, reason="damaged")',
      'call orders.refund(id="O-1", amount_usd=40, reason="damaged")',
      'say "I have refunded O-1 in full."',
    ])
  })

  it('brings a fresh key where the first call had one', async () => {
    const oracle = refundSteps.map((step) =>
      'call' in step && step.call === 'orders.refund'
        ? { ...step, args: { ...step.args, key: 'ticket-7' } }
        : step,
    )
    const [only] = await mutantsOf(double, aRefund({ oracle }))
    expect(only?.steps.map((step) => ('args' in step ? step.args['key'] : undefined))).toEqual([
      undefined,
      'ticket-7',
      'again-7f3a9c',
      undefined,
    ])
  })

  it('asks a person twice as well, and says which of several', async () => {
    const oracle = [
      ...refundSteps.slice(0, 2),
      {
        call: 'orders.refund',
        args: { id: 'O-3', amount_usd: 70, reason: 'late' },
        escalates: true,
      },
      { call: 'orders.refund', args: { id: 'O-3', amount_usd: 20, reason: 'late' } },
      { say: 'Done.' },
    ]
    const expectation = { effects: { allowed: [{ tool: 'orders.refund', max: 2 }] } }
    expect(await deedsOf(double, aRefund({ oracle, expect: expectation }))).toEqual({
      'double:2': 'calls orders.refund(id="O-1", amount_usd=40, reason="damaged") twice',
      'double:3': 'asks a person for orders.refund(id="O-3", amount_usd=70, reason="late") twice',
      'double:4': 'calls orders.refund(id="O-3", amount_usd=20, reason="late") twice',
    })
  })

  it('doubles no call that failed', async () => {
    const failed = { call: 'orders.get', args: { id: 'O-9' }, error: 'not_found' }
    const refused = {
      call: 'orders.refund',
      args: { id: 'O-9', amount_usd: 1, reason: 'late' },
      error: 'not_found',
    }
    const oracle = [failed, refused, { say: 'There is no such order.' }]
    const one = aRefund({ oracle, expect: { says: [{ any: 'no such' }] } })
    expect(await deedsOf(double, one)).toEqual({})
  })

  it('brings a key like its own where the schema takes no other', async () => {
    const oracle = [
      { call: 'desk.note', args: { key: 'note:7b', text: 'late' } },
      { say: 'Noted.' },
    ]
    const [only] = await mutantsOf(
      double,
      aRefund({ oracle, expect: { effects: { allowed: [{ tool: 'desk.note' }] } } }),
    )
    expect(written(only).slice(0, 2)).toEqual([
      'call desk.note(key="note:7b", text="late")',
      'call desk.note(key="note:7c", text="late")',
    ])
  })
})
