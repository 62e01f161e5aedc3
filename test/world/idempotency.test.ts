import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { aSession, errorOf, valueOf } from './builders.ts'

const pay: JsonObject = {
  idempotency: 'key',
  guards: [{ require: 'args.cents > 0', error: 'nothing_to_pay' }],
  change: [{ op: 'inc', path: '/totals/refunded_cents', value: '=args.cents' }],
  returns: { total: '=state.totals.refunded_cents' },
  latency_ms: 10,
  cost_usd: 0.5,
}

describe('idempotency', () => {
  it('gives the stored result for the same key and arguments, in any order of keys', async () => {
    const session = await aSession({ pay })
    const first = session.call('pay', { key: 'k', cents: 5 })
    const state = session.state()
    const second = session.call('pay', { cents: 5, key: 'k' })
    expect(second).toEqual({ ...first, changes: [], repeated: true })
    expect(session.state()).toBe(state)
    expect(session.nowMs()).toBe(Date.parse('2026-01-05T09:00:00.020Z'))
  })

  it('refuses the same key with other arguments', async () => {
    const session = await aSession({ pay })
    session.call('pay', { key: 'k', cents: 5 })
    const state = session.state()
    expect(errorOf(session.call('pay', { key: 'k', cents: 6 }))).toMatch(/^idempotency_conflict: /)
    expect(session.state()).toBe(state)
  })

  it('runs a call without a key each time', async () => {
    const session = await aSession({ pay })
    const totals = [{ cents: 5 }, { cents: 5 }, { cents: 5, key: null }].map((args) =>
      valueOf(session.call('pay', args)),
    )
    expect(totals).toEqual([{ total: 5 }, { total: 10 }, { total: 15 }])
  })

  it('lets a failed call be tried again under its key', async () => {
    const session = await aSession({ pay })
    expect(errorOf(session.call('pay', { key: 'k', cents: 0 }))).toMatch(/^nothing_to_pay: /)
    expect(valueOf(session.call('pay', { key: 'k', cents: 5 }))).toEqual({ total: 5 })
  })

  it('keeps the keys of two tools and of two types apart', async () => {
    const session = await aSession({ pay, other: pay })
    for (const [tool, key] of [
      ['pay', 'k'],
      ['other', 'k'],
      ['pay', 1],
      ['pay', '1'],
    ] as const) {
      expect(session.call(tool, { key, cents: 1 })).toMatchObject({ repeated: false })
    }
    expect(session.snapshot()).toMatchObject({ totals: { refunded_cents: 4 } })
  })

  it('starts anew in each session and is off for tools that do not ask for it', async () => {
    const plain = Object.entries(pay).filter(([key]) => key !== 'idempotency')
    const session = await aSession({ plain: Object.fromEntries(plain) })
    session.call('plain', { key: 'k', cents: 1 })
    expect(session.call('plain', { key: 'k', cents: 1 })).toMatchObject({
      repeated: false,
      value: { total: 2 },
    })
  })
})
