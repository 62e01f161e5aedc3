import { describe, expect, it } from 'vitest'
import { evidence } from '../../src/graders/evidence.ts'
import { call, say, write } from '../builders/trace.ts'
import { judge } from './judging.ts'

const lookUp = { tool: 'orders.get_status', args: { order_id: 'O-1' } }
const look = call('orders.get_status', { order_id: 'O-1' })

describe('evidence', () => {
  it('passes when the agent had looked before its last reply', async () => {
    const steps = [say('One moment.'), look, say('It is too late for a refund.')]
    const trial = { asks: ['Refund?', 'Well?'], steps }
    expect(await judge(evidence, { evidence: [lookUp] }, trial)).toEqual({ status: 'pass' })
  })

  it('fails a blind refusal', async () => {
    expect(await judge(evidence, { evidence: [lookUp] }, { steps: [say('No.')] })).toEqual({
      status: 'fail',
      reason: 'orders.get_status(order_id="O-1") was not looked at before the last reply',
      evidence: ['assistant says No.'],
    })
  })

  it.each([
    ['looked at another order', [call('orders.get_status', { order_id: 'O-2' }), say('No.')]],
    ['named no order', [call('orders.get_status'), say('No.')]],
    [
      'got an error',
      [
        call('orders.get_status', { order_id: 'O-1' }, { error: { code: 'x', message: '' } }),
        say('No.'),
      ],
    ],
    [
      'was not allowed to look',
      [{ ...look, status: 'blocked' as const, executed: true }, say('No.')],
    ],
    ['answered in the same breath', [[look, say('No.')]]],
    ['looked and never answered', [look]],
  ])('fails an agent that %s', async (_, steps) => {
    expect(await judge(evidence, { evidence: [lookUp] }, { steps })).toMatchObject({
      status: 'fail',
    })
  })

  it('with `before`, asks for it ahead of the first proposal of that tool', async () => {
    const expected = { evidence: [{ ...lookUp, before: 'tickets.open' }] }
    const open = write('tickets.open', {})
    expect(await judge(evidence, expected, { steps: [look, open, say('Done.')] })).toEqual({
      status: 'pass',
    })
    const blocked = { ...open, status: 'blocked' as const }
    expect(await judge(evidence, expected, { steps: [blocked, look, open, say('Done.')] })).toEqual(
      {
        status: 'fail',
        reason: 'orders.get_status(order_id="O-1") was not looked at before tickets.open',
        evidence: [
          'tool.proposed tickets.open',
          'tool.proposed orders.get_status',
          'tool.result orders.get_status',
        ],
      },
    )
    expect(await judge(evidence, expected, { steps: [[look, open], say('Done.')] })).toMatchObject({
      status: 'fail',
    })
  })

  it('with `before` and that tool never asked for, still wants it ahead of the answer', async () => {
    const expected = { evidence: [{ ...lookUp, before: 'tickets.open' }] }
    expect(await judge(evidence, expected, { steps: [say('No.')] })).toMatchObject({
      status: 'fail',
    })
    expect(await judge(evidence, expected, { steps: [look, say('No.')] })).toEqual({
      status: 'pass',
    })
    expect(await judge(evidence, expected, {})).toMatchObject({
      reason: 'orders.get_status(order_id="O-1") was to come before an answer, and there was none',
    })
  })
})
