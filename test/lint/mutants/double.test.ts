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
      'say "I have refunded $40.00 for O-1."',
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

  it('doubles no call that failed, and says which of several', async () => {
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
      'double:4': 'calls orders.refund(id="O-3", amount_usd=20, reason="late") twice',
    })
  })
})
