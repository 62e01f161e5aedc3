import { describe, expect, it } from 'vitest'
import { concreteOracle, isConcreteCall, stepsOf } from '../../src/lint/concrete-oracle.ts'
import { aRefund, opened } from './shop.ts'

describe('concreteOracle', () => {
  it('replaces every reference by the value it stood for', async () => {
    const oracle = [
      { call: 'orders.get', args: { id: 'O-1' } },
      { say: 'Is it the one of {$1.customer}?' },
      { call: 'mail.send', args: { to: '$1.customer', text: 'It is on its way.' }, reason: 'why' },
      { say: 'Sent: {$2.sent}.' },
    ]
    const conversation = [{ say: 'My lamp is broken.' }, { say: 'Yes.' }]
    const one = await opened(aRefund({ conversation, oracle }))
    const steps = concreteOracle(one.evalCase.oracle, one.oracle)
    expect(stepsOf(steps)).toEqual([
      { call: 'orders.get', args: { id: 'O-1' } },
      { say: 'Is it the one of C-1?' },
      { call: 'mail.send', args: { to: 'C-1', text: 'It is on its way.' }, reason: 'why' },
      { say: 'Sent: true.' },
    ])
    expect(steps.map(({ number, turn }) => [number, turn])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ])
    expect(steps.filter(isConcreteCall).map(({ view }) => view.tookEffect)).toEqual([false, true])
  })

  it('ends where the trial ended', async () => {
    const oracle = [{ say: 'Bye.' }, { call: 'orders.get', args: { id: 'O-1' } }]
    const one = await opened(aRefund({ oracle }))
    expect(concreteOracle(one.evalCase.oracle, one.oracle)).toHaveLength(1)
  })
})
