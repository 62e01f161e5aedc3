import { describe, expect, it } from 'vitest'
import { effects } from '../../src/graders/effects.ts'
import { call, write } from '../builders/trace.ts'
import { judge } from './judging.ts'

const refund = 'payments.issue_refund'
const expected = { effects: { required: [{ tool: refund, args: { order_id: 'O-1' } }] } }
const pay = write(refund, { order_id: 'O-1' })

describe('effects', () => {
  it('passes when the effect happened', async () => {
    expect(await judge(effects, expected, { steps: [pay] })).toEqual({ status: 'pass' })
  })

  it('passes when a retry with the same key came back with the first result', async () => {
    const retry = write(refund, { order_id: 'O-1' }, { repeated: true })
    expect(await judge(effects, expected, { steps: [pay, retry] })).toEqual({ status: 'pass' })
  })

  it('fails when it happened twice', async () => {
    expect(await judge(effects, expected, { steps: [pay, pay] })).toEqual({
      status: 'fail',
      reason: 'payments.issue_refund(order_id="O-1") took effect 2 times, expected 1',
      evidence: [
        `tool.proposed ${refund}`,
        `tool.result ${refund}`,
        `tool.proposed ${refund}`,
        `tool.result ${refund}`,
      ],
    })
  })

  it('fails when it was tried but not done', async () => {
    const didNot = 'payments.issue_refund(order_id="O-1") did not happen, expected 1'
    const denied = write(refund, { order_id: 'O-1' }, { status: 'blocked' })
    expect(await judge(effects, expected, { steps: [denied] })).toMatchObject({
      reason: `${didNot}: the call got refused`,
    })
    const pending = { ...denied, approvals: [{ decision: 'pending' as const }] }
    expect(await judge(effects, expected, { steps: [pending] })).toMatchObject({
      reason: `${didNot}: the call is with a human`,
    })
    const cut = write(refund, { order_id: 'O-1' }, { status: 'unfinished' })
    expect(await judge(effects, expected, { steps: [cut] })).toMatchObject({
      reason: `${didNot}: the call was never answered`,
    })
  })

  it('counts a write whose answer got lost: the customer has the money', async () => {
    const lost = write(
      refund,
      { order_id: 'O-1' },
      {
        error: { code: 'timeout', message: 'no answer' },
        lostChanges: [{ op: 'replace', path: '/orders/O-1/refunded_cents', value: 4200 }],
      },
    )
    expect(await judge(effects, expected, { steps: [lost] })).toEqual({ status: 'pass' })
    expect(await judge(effects, expected, { steps: [lost, pay] })).toMatchObject({ status: 'fail' })
  })

  it('is not fooled by the same tool for another order, nor by a read', async () => {
    expect(await judge(effects, expected, { steps: [write(refund, { order_id: 'O-2' })] })).toEqual(
      {
        status: 'fail',
        reason:
          'payments.issue_refund(order_id="O-1") did not happen, expected 1: order_id is "O-2", expected "O-1"',
        evidence: [`tool.proposed ${refund}`, `tool.result ${refund}`],
      },
    )
    expect(
      await judge(effects, expected, { steps: [call(refund, { order_id: 'O-1' })] }),
    ).toMatchObject({ status: 'fail' })
  })

  it('says so when it was never called, and gives no grade where nothing is required', async () => {
    expect(await judge(effects, expected, {})).toMatchObject({
      reason:
        'payments.issue_refund(order_id="O-1") did not happen, expected 1: it was never called',
      evidence: [],
    })
    const allowedOnly = { effects: { allowed: [{ tool: refund }] } }
    expect(await judge(effects, allowedOnly, { steps: [pay] })).toEqual({ status: 'no grade' })
  })
})
