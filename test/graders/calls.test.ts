import { describe, expect, it } from 'vitest'
import { calls } from '../../src/graders/calls.ts'
import { call, say, write } from '../builders/trace.ts'
import { judge } from './judging.ts'

const refund = 'payments.issue_refund'

describe('calls', () => {
  it('passes when the call was proposed as often as asked', async () => {
    const expected = { calls: [{ tool: refund, args: { order_id: 'O-1' }, count: 1 }] }
    const steps = [write(refund, { order_id: 'O-1' }), write(refund, { order_id: 'O-2' })]
    expect(await judge(calls, expected, { steps })).toEqual({ status: 'pass' })
  })

  it('fails a second call and points at both', async () => {
    const twice = [write(refund, {}), write(refund, {})]
    expect(await judge(calls, { calls: [{ tool: refund, count: 1 }] }, { steps: twice })).toEqual({
      status: 'fail',
      reason: 'payments.issue_refund was called 2 times, expected 1',
      evidence: [
        `tool.proposed ${refund}`,
        `tool.result ${refund}`,
        `tool.proposed ${refund}`,
        `tool.result ${refund}`,
      ],
    })
  })

  it('counts what was proposed, also when it was blocked', async () => {
    const never = { calls: [{ tool: refund, count: 0 }] }
    const steps = [call(refund, {}, { effect: 'write', status: 'blocked' })]
    expect(await judge(calls, never, { steps })).toMatchObject({
      reason: 'payments.issue_refund was called 1 time, expected 0',
    })
  })

  it('is not fooled by a call without the arguments, and shows what came closest', async () => {
    const expected = { calls: [{ tool: refund, args: { order_id: 'O-1', amount: 42 } }] }
    const steps = [call(refund), call(refund, { order_id: 'O-1', amount: 80 })]
    expect(await judge(calls, expected, { steps })).toEqual({
      status: 'fail',
      reason:
        'payments.issue_refund(order_id="O-1", amount=42) was never called, expected at least 1: amount is 80, expected 42',
      evidence: [`tool.proposed ${refund}`, `tool.result ${refund}`],
    })
  })

  it.each([
    [{ min: 1, max: 2 }, 3, '1 to 2'],
    [{ max: 2 }, 3, 'at most 2'],
    [{ min: 2 }, 1, 'at least 2'],
    [0, 1, '0'],
  ])('says how often %j is', async (count, times, words) => {
    const steps = Array.from({ length: times }, () => call('a'))
    const judged = await judge(calls, { calls: [{ tool: 'a', count }] }, { steps })
    expect(judged.reason).toContain(`, expected ${words}`)
  })

  describe('before', () => {
    const looksFirst = { calls: [{ tool: 'orders.get_status', before: refund }] }
    const look = call('orders.get_status')
    const pay = write(refund, {})

    it('passes when the result was known', async () => {
      expect(await judge(calls, looksFirst, { steps: [look, pay, look] })).toEqual({
        status: 'pass',
      })
    })

    it('fails two calls in one answer: the second cannot have known', async () => {
      expect(await judge(calls, looksFirst, { steps: [[look, pay]] })).toEqual({
        status: 'fail',
        reason: 'payments.issue_refund was called before the result of orders.get_status was known',
        evidence: [
          'tool.proposed orders.get_status',
          'tool.result orders.get_status',
          `tool.proposed ${refund}`,
          `tool.result ${refund}`,
        ],
      })
    })

    it('fails a look that came back as an error, and one that came too late', async () => {
      const failed = call('orders.get_status', {}, { error: { code: 'not_found', message: '' } })
      expect(await judge(calls, looksFirst, { steps: [failed, pay] })).toMatchObject({
        status: 'fail',
      })
      expect(await judge(calls, looksFirst, { steps: [pay, look] })).toMatchObject({
        status: 'fail',
      })
    })

    it('asks for no order where one of the two was not called', async () => {
      expect(await judge(calls, looksFirst, { steps: [look, say('No.')] })).toEqual({
        status: 'pass',
      })
      const optional = { calls: [{ ...looksFirst.calls[0]!, count: { min: 0 } }] }
      expect(await judge(calls, optional, { steps: [pay] })).toEqual({ status: 'pass' })
    })
  })
})
