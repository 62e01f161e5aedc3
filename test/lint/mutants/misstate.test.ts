import { describe, expect, it } from 'vitest'
import { misstate } from '../../../src/lint/mutants/misstate.ts'
import { aRefund, findingsIn, refundSteps, type ShopCase } from '../shop.ts'
import { deedsOf, mutantsOf, written } from './mutate.ts'

function saying(say: string, more: Partial<ShopCase> = {}): ShopCase {
  const steps = refundSteps.filter((step) => 'call' in step)
  return aRefund({
    expect: { effects: { required: [{ tool: 'orders.refund' }] }, says: [{ any: 'efund' }] },
    oracle: [...steps, { say }],
    ...more,
  })
}

describe('misstate', () => {
  it('tells a number that it knows from a call wrong', async () => {
    const [only, ...others] = await mutantsOf(misstate, saying('I refunded $40.00 of 9 for O-1.'))
    expect(others).toEqual([])
    expect(only).toMatchObject({
      name: 'misstate:3.1',
      path: ['oracle', 2],
      does: 'says $4,000.00 instead of $40.00',
      hint: 'compare it with the call, says: [{ bind: { tool: orders.refund, value: args.amount_usd } }], or ask for it by a pattern: \\b40\\.00\\b',
    })
    expect(written(only).at(-1)).toBe('say "I refunded $4,000.00 of 9 for O-1."')
  })

  it('has one for each number, in every way of writing them', async () => {
    const note = 'due 2026-09-24, version 2.3.2'
    const patch = [
      { op: 'set' as const, path: '/orders/O-1/due', value: '2026-09-24' },
      { op: 'set' as const, path: '/orders/O-1/version', value: '2.3.2' },
      { op: 'set' as const, path: '/orders/O-1/fee', value: 0 },
    ]
    const one = saying(`Refund: 40,0 €, ${note}, fee 0; R-1.`, { world: { patch } })
    expect(await deedsOf(misstate, one)).toEqual({
      'misstate:3.1': 'says 4.000,0 instead of 40,0',
      'misstate:3.2': 'says 2027-09-24 instead of 2026-09-24',
      'misstate:3.3': 'says 2.3.3 instead of 2.3.2',
      'misstate:3.4': 'says 7000 instead of 0',
    })
  })

  it('leaves out what the user said, and what only names a record', async () => {
    const heard = saying('I refunded $40.00.', { ask: 'Refund 40 dollars for O-1.' })
    expect(await deedsOf(misstate, heard)).toEqual({})
    const named = aRefund({
      expect: { effects: { required: [{ tool: 'desk.status' }] } },
      oracle: [
        { call: 'desk.status', args: { id: 1001, status: 'closed' } },
        { say: 'Account 1001 is closed.' },
      ],
    })
    expect(await deedsOf(misstate, named)).toEqual({})
  })

  it('knows nothing from what comes later', async () => {
    const [get, refund] = refundSteps
    if (get === undefined || refund === undefined) throw new Error('no steps')
    const one = aRefund({
      conversation: [{ say: 'My O-1 is broken.' }, { say: 'Yes.' }],
      oracle: [get, { say: 'Shall I pay $40.00 back?' }, refund, { say: 'I have refunded it.' }],
    })
    expect(await deedsOf(misstate, one)).toEqual({})
  })

  it('is only warned of, and caught by a pattern or a comparison', async () => {
    const survivors = (says: NonNullable<ShopCase['expect']['says']>): Promise<readonly string[]> =>
      findingsIn(
        ['mutant-survives'],
        saying('I have refunded $40.00.', { expect: { ...aRefund().expect, says } }),
      )
    expect(await survivors([{ any: 'refunded' }])).toEqual([
      'warning mutant-survives: an agent that says $4,000.00 instead of $40.00 passes this case',
    ])
    expect(await survivors([{ any: 'refunded \\$40\\b' }])).toEqual([])
    const bind = { tool: 'orders.refund', value: 'args.amount_usd' }
    expect(await survivors([{ any: 'refunded', bind }])).toEqual([])
  })

  it('is played where the user answers to what is said', async () => {
    const turns = [{ say: 'My O-1 is broken.' }, { say: 'Thanks.', when: '\\$40' }]
    const one = saying('I refunded $40.00.', {
      conversation: turns,
      oracle: [...refundSteps.slice(0, 2), { say: 'I refunded $40.00.' }, { say: 'Bye: refund.' }],
      expect: { ...aRefund().expect, says: [{ any: '\\$40|efund' }] },
    })
    expect(await findingsIn(['mutant-survives'], one)).toContain(
      'warning mutant-survives: an agent that says $4,000.00 instead of $40.00 passes this case',
    )
  })
})
