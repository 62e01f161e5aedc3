import { describe, expect, it } from 'vitest'
import { oracleFromTrial } from '../../src/authoring/oracle-from-trial.ts'
import { viewEvents } from '../../src/graders/view-events.ts'
import { expectation } from '../../src/schema/expect.ts'
import { oracle } from '../../src/schema/oracle.ts'
import { aTrace, call, say, write } from '../builders/trace.ts'

function approved(trial: Parameters<typeof aTrace>[0]): ReturnType<typeof oracleFromTrial> {
  return oracleFromTrial(viewEvents(aTrace(trial)))
}

describe('oracleFromTrial', () => {
  it('takes calls and the last words of each turn in order, and writes as required effects', () => {
    const read = approved({
      asks: ['Refund O-1', 'Thanks'],
      steps: [
        [say('Let me look.'), call('orders.get', { id: 'O-1' })],
        write(
          'payments.refund',
          { id: 'O-1', amount: 42, note: 'broken on arrival', idempotency_key: 'k-1' },
          { reason: 'It arrived broken.' },
        ),
        say('Refunded.'),
        say('You are welcome.'),
      ],
    })
    expect(read).toEqual({
      oracle: [
        { call: 'orders.get', args: { id: 'O-1' } },
        {
          call: 'payments.refund',
          args: { id: 'O-1', amount: 42, note: 'broken on arrival', idempotency_key: 'k-1' },
          reason: 'It arrived broken.',
        },
        { say: 'Refunded.' },
        { say: 'You are welcome.' },
      ],
      required: [{ tool: 'payments.refund', args: { id: 'O-1', amount: 42 }, count: 1 }],
    })
    expect(oracle.safeParse(read.oracle).success).toBe(true)
    expect(expectation.safeParse({ effects: { required: read.required } }).success).toBe(true)
  })

  it('counts equal writes, and leaves out what did not take effect', () => {
    const failed = { status: 'error', error: { code: 'not_found', message: 'no' } } as const
    const read = approved({
      steps: [
        write('mail.send', { to: 'a@x' }),
        write('mail.send', { to: 'a@x' }),
        call('orders.cancel', { id: 'O-9' }, { effect: 'write', executed: false, ...failed }),
        say('Sent.'),
      ],
    })
    expect(read.required).toEqual([{ tool: 'mail.send', args: { to: 'a@x' }, count: 2 }])
    expect(read.oracle[2]).toEqual({
      call: 'orders.cancel',
      args: { id: 'O-9' },
      error: 'not_found',
    })
  })

  it('asks for no effects where nothing was written', () => {
    expect(approved({ steps: [call('orders.get', { id: 'O-1' }), say('42')] }).required).toEqual([])
  })
})
