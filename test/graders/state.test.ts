import { describe, expect, it } from 'vitest'
import { state } from '../../src/graders/state.ts'
import { call, say, write } from '../builders/trace.ts'
import { judge } from './judging.ts'

const refund = 'payments.issue_refund'
const world = { orders: { 'O-1': { refunded_cents: 4200 } }, refunds: [{ id: 'R-1' }] }

describe('state', () => {
  it('passes when every condition holds at the end', async () => {
    const expected = {
      state: [
        "state.orders['O-1'].refunded_cents == 4200",
        { id: 'one-refund', that: 'size(state.refunds) == 1' },
      ],
    }
    expect(await judge(state, expected, { state: world })).toEqual({ status: 'pass' })
  })

  it('fails the first that does not, and points at what was changed', async () => {
    const expected = { state: [{ id: 'no-refund', that: 'size(state.refunds) == 0' }] }
    const steps = [call('orders.get_status'), write(refund, {})]
    expect(await judge(state, expected, { steps, state: world })).toEqual({
      status: 'fail',
      reason: 'no-refund: size(state.refunds) == 0 does not hold at the end',
      evidence: [`tool.proposed ${refund}`, `tool.result ${refund}`],
    })
  })

  it('never passes on an error, nor on something that is merely not false', async () => {
    const missing = "state.orders['O-9'].refunded_cents != 1"
    expect(await judge(state, { state: [missing] }, { state: world })).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining(`${missing} cannot be evaluated at the end: `) as string,
    })
    expect(await judge(state, { state: ['size(state.refunds)'] }, { state: world })).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('not true or false') as string,
    })
  })

  it('can ask what was executed and what was said', async () => {
    const expected = {
      state: [
        `calls.exists_one(c, c.tool == '${refund}' && c.args.order_id == 'O-1' && c.result.id == 'R-1')`,
        "says.all(text, !text.contains('sorry'))",
      ],
    }
    const pay = write(refund, { order_id: 'O-1' }, { value: { id: 'R-1' } })
    const blocked = { ...pay, status: 'blocked' as const }
    const done = [blocked, pay, { ...pay, repeated: true }, say('Done.')]
    expect(await judge(state, expected, { steps: done })).toEqual({ status: 'pass' })
    expect(await judge(state, expected, { steps: [blocked, say('Done.')] })).toMatchObject({
      status: 'fail',
    })
  })

  it('refuses what cannot be compiled, or names what does not exist', async () => {
    await expect(judge(state, { state: ['state.('] }, {})).rejects.toThrow(/state\.\(/)
    await expect(judge(state, { state: ['sate.x == 1'] }, {})).rejects.toThrow(
      'unknown variable "sate" in sate.x == 1',
    )
    await expect(judge(state, { state: ['size(proposed) == 0'] }, {})).rejects.toThrow(/"proposed"/)
  })

  it('shortens long conditions', async () => {
    const long = `state.orders['O-1'].refunded_cents == ${'1 + '.repeat(300)}1`
    const judged = await judge(state, { state: [long] }, { state: world })
    expect(judged.reason?.length).toBeLessThan(200)
  })
})
