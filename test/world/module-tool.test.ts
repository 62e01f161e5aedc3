import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/schema/json.ts'
import type { ModuleAnswer, ModuleTool } from '../../src/world/module-tool.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import type { WorldSession } from '../../src/world/session.ts'
import { aSession, aWorld, errorOf, shopState, valueOf } from './builders.ts'

async function withModule(tool: ModuleTool, more: JsonObject = {}): Promise<WorldSession> {
  return aSession(
    { tool: { module: './tools.ts#tool', ...more } },
    {
      modules: { './tools.ts#tool': tool },
    },
  )
}

/** What the tool's error says when a module answers like this; the state must not change. */
async function faultOf(tool: () => unknown, more: JsonObject = {}): Promise<string> {
  const session = await withModule(tool as ModuleTool, more)
  const before = session.state()
  const error = errorOf(session.call('tool', {}))
  expect(session.state()).toBe(before)
  return error
}

describe('a module tool', () => {
  it('answers and changes the world', async () => {
    const session = await withModule((args, state, clock) => ({
      result: { args, rate: (state['totals'] as JsonObject)['rate'] ?? null, now: clock.now },
      changes: [
        { op: 'append', path: '/refunds', value: { id: 'R-1' } },
        { op: 'set', path: '/refunds/0/note', value: '=literal' },
        { op: 'inc', path: '/totals/refunded_cents', value: 5 },
        { op: 'remove', path: '/tickets/T-1' },
      ],
    }))
    const result = session.call('tool', { a: 1 })
    expect(valueOf(result)).toEqual({ args: { a: 1 }, rate: 0.5, now: '2026-01-05T09:00:00.000Z' })
    expect(result.changes.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'add /refunds/0',
      'add /refunds/0/note',
      'replace /totals/refunded_cents',
      'remove /tickets/T-1',
    ])
    expect(session.snapshot()).toMatchObject({
      refunds: [{ id: 'R-1', note: '=literal' }],
      tickets: {},
    })
  })

  it('may answer nothing, or an error of its own that changes nothing', async () => {
    expect(valueOf((await withModule(() => ({}))).call('tool', {}))).toBeNull()
    const refuses = (): ModuleAnswer => ({
      error: { code: 'sold_out', message: 'none left' },
      changes: [{ op: 'set', path: '/refunds', value: [] }],
    })
    expect(await faultOf(refuses)).toBe('sold_out: none left')
  })

  it('runs behind guards, and its result must fit the output', async () => {
    const guards = [{ require: 'false', error: 'closed' }]
    expect(await faultOf(() => ({ result: 1 }), { guards })).toBe('closed: closed')
    const change = [{ op: 'set', path: '/totals/x', value: 1 }]
    expect(
      await faultOf(() => ({ result: 1, changes: change }), { output: { type: 'string' } }),
    ).toBe('world_error: the simulated tool failed: its result does not fit: must be string')
  })

  it.each<[string, () => unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new TypeError('boom')
      },
      /failed: TypeError: boom$/,
    ],
    [
      'throws a text',
      () => {
        throw 'boom' as unknown as Error
      },
      /failed: boom$/,
    ],
    ['returns nothing', () => undefined, /must return an object/],
    ['returns a list', () => [], /must return an object/],
    ['returns a promise', () => Promise.resolve({}), /must be synchronous/],
    ['has a result that is no JSON', () => ({ result: Number.NaN }), /no JSON value/],
    ['has a function in its result', () => ({ result: { f: () => 1 } }), /no JSON value/],
    ['has changes of its own making', () => ({ changes: [{ op: 'move' }] }), /no list of changes/],
    ['has an error without a message', () => ({ error: 'no' }), /needs a code and a message/],
    ['has an error that is null', () => ({ error: null }), /needs a code and a message/],
    [
      'has a getter that throws',
      () => ({
        get result() {
          throw new Error('trap')
        },
      }),
      /Error: trap$/,
    ],
    [
      'changes what is not there',
      () => ({
        changes: [
          { op: 'set', path: '/totals/x', value: 1 },
          { op: 'remove', path: '/nope' },
        ],
      }),
      /remove \/nope: there is nothing to remove$/,
    ],
  ])('that %s is a fault of the world', async (_, tool, error) => {
    const said = await faultOf(tool)
    expect(said).toMatch(/^world_error: the simulated tool failed: /)
    expect(said).toMatch(error)
  })

  it('whose result contains itself is a fault of the world', async () => {
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    const error = 'world_error: the simulated tool failed: the module answers with endless nesting'
    expect(await faultOf(() => ({ result: loop }))).toBe(error)
    expect(await faultOf(() => ({ changes: [{ op: 'set', path: '/a', value: loop }] }))).toBe(error)
  })

  it('that only reads may change nothing', async () => {
    const changes = [{ op: 'set', path: '/totals/x', value: 1 }]
    expect(await faultOf(() => ({ changes }), { effect: 'read' })).toBe(
      'world_error: the simulated tool failed: a read tool changes nothing',
    )
  })

  it('cannot change the state or the arguments behind the back of the world', async () => {
    const args = { list: [1] }
    const session = await withModule((given, state) => {
      ;(given['list'] as number[]).push(2)
      ;(state as { refunds: unknown }).refunds = []
      return {}
    })
    expect(errorOf(session.call('tool', args))).toMatch(/TypeError: Cannot assign to read only/)
    expect(args).toEqual({ list: [1] })
    expect(session.snapshot()).toEqual(shopState)
  })

  it('gives a result that nobody can change afterwards', async () => {
    const kept = { n: 1 }
    const session = await withModule(() => ({
      result: kept,
      changes: [{ op: 'set', path: '/kept', value: kept }],
    }))
    const value = valueOf(session.call('tool', {}))
    kept.n = 2
    expect(value).toEqual({ n: 1 })
    expect(session.snapshot()).toMatchObject({ kept: { n: 1 } })
  })

  it('must be given to the world', async () => {
    const world = aWorld({ tool: { module: './tools.ts#tool' } })
    await expect(prepareWorld(world, new Map())).rejects.toThrow(
      'tools.tool: its module "./tools.ts#tool" is not loaded',
    )
  })
})
