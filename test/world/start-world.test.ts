import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import { stateChange } from '../../src/schema/trace.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import type { WorldSession } from '../../src/world/session.ts'
import { startWorld } from '../../src/world/start-world.ts'
import { applyStateChanges } from '../../src/world/state-at.ts'
import { aSession, aState, aWorld, errorOf, shopState, valueOf } from './builders.ts'

const refund: JsonObject = {
  risk_tier: 2,
  input: {
    type: 'object',
    properties: { order_id: { type: 'string' }, cents: { type: 'integer' } },
    required: ['order_id', 'cents'],
  },
  guards: [
    { require: 'args.order_id in state.orders', error: 'not_found', message: 'no such order' },
    { require: 'state.orders[args.order_id].status == "paid"', error: 'not_refundable' },
  ],
  change: [
    { op: 'set', path: '/orders/{args.order_id}/status', value: 'refunded' },
    {
      op: 'append',
      path: '/refunds',
      value: { id: "='R-' + string(size(state.refunds) + 1)", cents: '=args.cents', at: '=now' },
    },
    { op: 'inc', path: '/totals/refunded_cents', value: '=args.cents' },
  ],
  returns: {
    id: '=state.refunds[size(state.refunds) - 1].id',
    was: '=before.orders[args.order_id].status',
    is: '=state.orders[args.order_id].status',
  },
  latency_ms: 250,
  cost_usd: 0.02,
}

const look: JsonObject = { effect: 'read', returns: '=state.orders[args.order_id]' }

async function aShop(): Promise<WorldSession> {
  return aSession({ refund, look })
}

describe('a call', () => {
  it('changes the world and answers from the new state', async () => {
    const shop = await aShop()
    expect(shop.call('refund', { order_id: 'O-1', cents: 4000 })).toEqual({
      status: 'ok',
      value: { id: 'R-1', was: 'paid', is: 'refunded' },
      changes: [
        { op: 'replace', path: '/orders/O-1/status', value: 'refunded', from: 'paid' },
        {
          op: 'add',
          path: '/refunds/0',
          value: { id: 'R-1', cents: 4000, at: '2026-01-05T09:00:00.000Z' },
        },
        { op: 'replace', path: '/totals/refunded_cents', value: 4000, from: 0 },
      ],
      repeated: false,
      latencyMs: 250,
      costUsd: 0.02,
    })
    expect(shop.snapshot()).toMatchObject({
      orders: { 'O-1': { status: 'refunded' } },
      totals: { refunded_cents: 4000 },
    })
  })

  it('records changes as a trace holds them', async () => {
    const result = (await aShop()).call('refund', { order_id: 'O-1', cents: 4000 })
    expect(stateChange.array().parse(result.changes)).toEqual(result.changes)
  })

  it('is refused by the first guard that fails', async () => {
    const shop = await aShop()
    expect(errorOf(shop.call('refund', { order_id: 'O-9', cents: 1 }))).toBe(
      'not_found: no such order',
    )
    expect(shop.call('refund', { order_id: 'O-2', cents: 1 })).toEqual({
      status: 'error',
      error: { code: 'not_refundable', message: 'not refundable' },
      applied: false,
      changes: [],
      latencyMs: 250,
      costUsd: 0,
    })
    expect(shop.snapshot()).toEqual(shopState)
  })

  it('reads without changing', async () => {
    const shop = await aShop()
    const before = shop.state()
    const result = shop.call('look', { order_id: 'O-1' })
    expect(valueOf(result)).toEqual(shopState.orders['O-1'])
    expect(result.changes).toEqual([])
    expect(shop.state()).toBe(before)
  })

  it('lets each change see the ones before it', async () => {
    const change = [
      { op: 'set', path: '/totals/a', value: 1 },
      { op: 'set', path: '/totals/b', value: '=state.totals.a + 1' },
      { op: 'set', path: '/orders/{string(state.totals.b)}', value: {} },
      { op: 'set', path: '/orders/2/status', value: 'new' },
    ]
    const session = await aSession({ tool: { change, returns: '=state.orders["2"]' } })
    expect(valueOf(session.call('tool', {}))).toEqual({ status: 'new' })
  })

  it('may do nothing but answer, which is then the effect itself', async () => {
    const session = await aSession({ stub: { returns: { sent: '=args.to' } }, silent: {} })
    const result = session.call('stub', { to: 'a@example.com' })
    expect(result).toMatchObject({ value: { sent: 'a@example.com' }, changes: [] })
    expect(session.effectOf('stub')).toBe('write')
    expect(valueOf(session.call('silent', {}))).toBeNull()
  })

  it('of an unknown tool is an error that suggests another', async () => {
    const shop = await aShop()
    expect(shop.call('refnd', {})).toEqual({
      status: 'error',
      error: { code: 'unknown_tool', message: 'there is no tool "refnd"; did you mean "refund"?' },
      applied: false,
      changes: [],
      latencyMs: 0,
      costUsd: 0,
    })
    expect(shop.validate('refnd', {})).toEqual(['there is no tool "refnd"; did you mean "refund"?'])
    expect(shop.effectOf('refnd')).toBeUndefined()
    expect(shop.tierOf('refnd', {})).toBeUndefined()
    expect(errorOf(shop.call('__proto__', {}))).toBe('unknown_tool: there is no tool "__proto__"')
    expect(shop.effectOf('constructor')).toBeUndefined()
  })

  it('with arguments nested without end is an error, not a crash', async () => {
    const shop = await aShop()
    let args: JsonObject = {}
    for (let level = 0; level < 50_000; level++) args = { args }
    expect(shop.validate('refund', args)).toEqual(['the arguments nest deeper than 64 levels'])
    expect(errorOf(shop.call('refund', args))).toMatch(/^invalid_arguments: /)
    expect(shop.tierOf('refund', args)).toBe(2)
  })

  it('knows what its arguments break', async () => {
    const shop = await aShop()
    expect(shop.validate('refund', { order_id: 'O-1', cents: 1 })).toEqual([])
    expect(shop.validate('refund', { cents: 'one' })).toEqual([
      'order_id: is required',
      'cents: must be integer',
    ])
  })
})

describe('a fault of the world', () => {
  async function faultOf(tool: JsonObject): Promise<string> {
    const session = await aSession({ tool })
    const before = session.state()
    const error = errorOf(session.call('tool', { id: 'O-1' }))
    expect(session.state()).toBe(before)
    expect(session.nowMs()).toBe(Date.parse('2026-01-05T09:00:00.100Z'))
    return error
  }

  it('in a guard', async () => {
    const guard = (require: string): JsonObject => ({ guards: [{ require, error: 'refused' }] })
    expect(await faultOf(guard('args.missing == 1'))).toBe(
      'world_error: the simulated tool failed: field not found: missing in args.missing == 1',
    )
    expect(await faultOf(guard('args.id'))).toMatch(/gave a string, not true or false in args.id$/)
  })

  it('in a change, after others were made', async () => {
    const first = { op: 'set', path: '/totals/refunded_cents', value: 1 }
    for (const [second, error] of [
      [{ op: 'set', path: '/orders/{args.missing}/x', value: 1 }, /missing in args\.missing$/],
      [{ op: 'set', path: '/orders/O-9/x', value: 1 }, /there is nothing at \/orders\/O-9$/],
      [{ op: 'inc', path: '/orders/O-1/status', value: 1 }, /there is no number$/],
      [{ op: 'append', path: '/orders', value: 1 }, /there is no list$/],
      [{ op: 'set', path: '/totals/x', value: '=1 / 0' }, /divide by zero in 1 \/ 0$/],
      [{ op: 'remove', path: '/orders/O-9' }, /there is nothing to remove$/],
    ] as const) {
      expect(await faultOf({ change: [first, second] })).toMatch(error)
    }
  })

  it('in the result, after all changes were made', async () => {
    const change = [{ op: 'set', path: '/totals/refunded_cents', value: 1 }]
    expect(await faultOf({ change, returns: { a: '=state.nope' } })).toMatch(/nope in state\.nope$/)
    const output = { type: 'object', properties: { a: { type: 'string' } } }
    expect(await faultOf({ change, returns: { a: 1 }, output })).toBe(
      'world_error: the simulated tool failed: its result does not fit: a: must be string',
    )
  })
})

describe('calls', () => {
  const text = fc.string().filter((value) => !value.startsWith('='))
  const step = fc.record({
    op: fc.constantFrom('set', 'inc', 'append', 'remove'),
    path: fc.constantFrom('/a', '/b', '/list', '/list/0', '/deep/a', '/deep/b', '/gone/a'),
    value: fc.oneof(fc.integer(), text, fc.constant('=args.n'), fc.constant('=args.nope')),
  })
  const tools = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  })
  const start = { a: 1, b: 'text', list: [1], deep: { a: 2 } }

  function written(
    steps: readonly { op: string; path: string; value: string | number }[],
  ): JsonObject {
    return {
      change: steps.map(({ value, ...rest }) => (rest.op === 'remove' ? rest : { ...rest, value })),
    }
  }

  it('apply all of their changes or none, and their changes rebuild the state', async () => {
    await fc.assert(
      fc.asyncProperty(tools, async (list) => {
        const named = Object.fromEntries(list.map((steps, index) => [`t${index}`, written(steps)]))
        const session = await aSession(named, { world: start })
        let rebuilt = session.state()
        for (const name of Object.keys(named)) {
          const before = session.state()
          const result = session.call(name, { n: 5 })
          if (result.status === 'error') expect(session.state()).toBe(before)
          const next = applyStateChanges(rebuilt, result.changes)
          if (!next.ok) throw new Error(next.error)
          rebuilt = next.value
        }
        expect(rebuilt).toEqual(session.state())
        expect(session.snapshot()).toEqual(JSON.parse(JSON.stringify(session.snapshot())))
      }),
      { numRuns: 50 },
    )
  })
})

describe('the virtual clock', () => {
  it('moves after a call by its latency, and by what else takes time', async () => {
    const session = await aSession({
      clock: { effect: 'read', returns: '=now', latency_ms: 1500.5 },
      fails: { guards: [{ require: 'false', error: 'no' }], latency_ms: 40 },
    })
    expect(session.now()).toBe('2026-01-05T09:00:00.000Z')
    expect(valueOf(session.call('clock', {}))).toBe('2026-01-05T09:00:00.000Z')
    expect(session.now()).toBe('2026-01-05T09:00:01.500Z')
    session.call('fails', {})
    session.call('unknown', {})
    session.advance(60_000)
    session.advance(0)
    expect(session.nowMs()).toBe(Date.parse('2026-01-05T09:01:01.540Z') + 0.5)
    expect(valueOf(session.call('clock', {}))).toBe('2026-01-05T09:01:01.540Z')
  })

  it.each([-1, Number.NaN, Infinity])('never goes back or stands at nowhere: %d', async (ms) => {
    const session = await aSession({})
    expect(() => {
      session.advance(ms)
    }).toThrow(RangeError)
  })

  it('can be reckoned with', async () => {
    const guards = [
      {
        require: 'timestamp(now) - timestamp(state.bought) <= duration("720h")',
        error: 'too_late',
      },
    ]
    const session = await aSession(
      { back: { guards, returns: 'ok' } },
      { world: { bought: '2025-12-06T10:00:00Z' } },
    )
    expect(valueOf(session.call('back', {}))).toBe('ok')
    session.advance(3_600_000)
    expect(errorOf(session.call('back', {}))).toBe('too_late: too late')
  })
})

describe('a session', () => {
  it('sees nothing of another one', async () => {
    const prepared = await prepareWorld(aWorld({ refund, look }), new Map())
    const [first, second] = [startWorld(prepared), startWorld(prepared)]
    first.call('refund', { order_id: 'O-1', cents: 4000 })
    expect(second.snapshot()).toEqual(shopState)
    expect(second.nowMs()).toBe(Date.parse('2026-01-05T09:00:00Z'))
    expect(valueOf(second.call('refund', { order_id: 'O-1', cents: 1 }))).toMatchObject({
      id: 'R-1',
    })
    expect(startWorld(prepared).snapshot()).toEqual(shopState)
  })

  it('does not write through a value that stands in two places', async () => {
    const shared = { tags: ['a'] }
    const change = [{ op: 'append', path: '/one/tags', value: 'b' }]
    const session = await aSession({ tag: { change } }, { world: { one: shared, two: shared } })
    session.call('tag', {})
    expect(session.snapshot()).toEqual({ one: { tags: ['a', 'b'] }, two: { tags: ['a'] } })
    expect(shared).toEqual({ tags: ['a'] })
  })

  it('starts from a state and a patch of its case', async () => {
    const session = await aSession(
      { look },
      {
        state: aState({ orders: { 'O-7': { status: 'new' } } }),
        patch: [{ op: 'set', path: '/orders/O-7/status', value: 'late' }],
      },
    )
    expect(valueOf(session.call('look', { order_id: 'O-7' }))).toEqual({ status: 'late' })
  })

  it('does not start from a patch that does not fit', async () => {
    await expect(aSession({}, { patch: [{ op: 'remove', path: '/nope' }] })).rejects.toThrow(
      'world.patch: remove /nope: there is nothing to remove',
    )
  })
})
