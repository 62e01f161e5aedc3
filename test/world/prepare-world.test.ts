import { describe, expect, it } from 'vitest'
import { checkWorld, prepareWorld } from '../../src/world/prepare-world.ts'
import { aWorld } from './builders.ts'

describe('checkWorld', () => {
  it('says nothing of a sound world', async () => {
    const tools = { a: { guards: [{ require: 'args.x == state.x && now > ""', error: 'no' }] } }
    expect(await checkWorld(aWorld(tools))).toEqual([])
  })

  it('finds every problem at its place', async () => {
    const world = aWorld({
      refund: {
        risk_tier: [{ when: 'arg.usd < 5', tier: 1 }, { tier: 2 }],
        input: { type: 'object', properties: { key: { type: 'strng' }, order_id: {} } },
        output: { $schema: 'urn:mine' },
        idempotency: 'kay',
        guards: [
          { require: 'true', error: 'fine' },
          { require: 'args.x ==', error: 'no' },
        ],
        change: [
          { op: 'set', path: '/orders/{args.id}/{before.x}', value: { note: ['=1 + nope'] } },
          { op: 'remove', path: '/orders/{' },
        ],
        returns: { ok: '=before.x == state.x', bad: '=size(' },
      },
    })
    const problems = await checkWorld(world)
    expect(problems.map(({ path, offset }) => `${path.join('.')}@${String(offset)}`)).toEqual([
      'tools.refund.idempotency@undefined',
      'tools.refund.risk_tier.0.when@0',
      'tools.refund.input@undefined',
      'tools.refund.output@undefined',
      'tools.refund.guards.1.require@7',
      'tools.refund.change.0.path@19',
      'tools.refund.change.0.value.note.0@5',
      'tools.refund.change.1.path@8',
      'tools.refund.change.1.path@9',
      'tools.refund.returns.bad@5',
    ])
    expect(problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'the input has no argument "kay"; did you mean "key"?',
        'unknown variable "arg"; did you mean "args"?',
        'unknown variable "before"; known here: args, state, now',
      ]),
    )
  })

  it('knows a moment that the calendar does not have', async () => {
    const world = { ...aWorld({}), clock: '2026-02-30T00:00:00Z' }
    expect(await checkWorld(world)).toEqual([
      { path: ['clock'], message: 'there is no such moment' },
    ])
  })
})

describe('prepareWorld', () => {
  it('throws the first problem and counts the others', async () => {
    const guards = ['x', 'y', 'z'].map((require) => ({ require, error: 'no' }))
    await expect(prepareWorld(aWorld({ a: { guards } }), new Map())).rejects.toThrow(
      'tools.a.guards.0.require: unknown variable "x"; known here: args, state, now (and 2 more)',
    )
  })

  it('compiles tools with the names of their tools', async () => {
    const prepared = await prepareWorld(aWorld({ a: {}, 'b.c': { effect: 'read' } }), new Map())
    expect([...prepared.tools.values()].map(({ name, effect }) => [name, effect])).toEqual([
      ['a', 'write'],
      ['b.c', 'read'],
    ])
  })
})
