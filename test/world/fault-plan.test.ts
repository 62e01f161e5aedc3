import { describe, expect, it } from 'vitest'
import { faults } from '../../src/schema/faults.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { startFaults } from '../../src/world/fault-plan.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import { aSession, aWorld, errorOf, json } from './builders.ts'

const tools = { pay: { effect: 'write' }, look: { effect: 'read' } }

type Call = readonly [tool: string, args?: JsonObject]

/** The places of the faults that hit, call by call. */
async function hits(written: readonly JsonObject[], calls: readonly Call[]): Promise<number[][]> {
  const list = faults.parse(written)
  const plan = startFaults(list, (await prepareWorld(aWorld(tools), new Map())).tools)
  return calls.map(([tool, args = {}]) => plan(tool, args).map((fault) => list.indexOf(fault)))
}

describe('startFaults', () => {
  const calls: readonly Call[] = [['pay'], ['look'], ['pay'], ['pay'], ['look']]

  it.each([
    [undefined, [[0], [], [], [], []]],
    [2, [[], [], [0], [], []]],
    [
      [1, 3],
      [[0], [], [], [0], []],
    ],
    ['all', [[0], [], [0], [0], []]],
    [9, [[], [], [], [], []]],
  ])('hits the calls of its tool that are %j', async (on, expected) => {
    expect(
      await hits([{ tool: 'pay', fault: 'error', ...(on !== undefined && { on }) }], calls),
    ).toEqual(expected)
  })

  it('counts only the calls that its matchers are for', async () => {
    const fault = { tool: 'pay', fault: 'error', on: 2, args: { id: { matches: '^O-' }, n: 1 } }
    const made: readonly Call[] = [
      ['pay', { id: 'O-1', n: 1 }],
      ['pay', { id: 'X-1', n: 1 }],
      ['look', { id: 'O-1', n: 1 }],
      ['pay', { id: 'O-2', n: '1' }],
      ['pay', { id: 'O-2' }],
      ['pay', { id: 'O-3', n: 1, more: true }],
      ['pay', { id: 'O-4', n: 1 }],
    ]
    expect((await hits([fault], made)).flatMap((each, call) => each.map(() => call))).toEqual([5])
  })

  it('sees no argument in what every object has', async () => {
    const fault = { tool: 'pay', fault: 'error', args: { constructor: {} } }
    expect(await hits([fault], [['pay'], ['pay', json('{"constructor":1}')]])).toEqual([[], [0]])
  })

  it('lets each fault count for itself', async () => {
    const written = [
      { tool: 'pay', fault: 'error', on: 2 },
      { tool: 'pay', fault: 'empty', on: 2, args: { n: 1 } },
      { tool: 'pay', fault: 'truncate', on: 'all' },
    ]
    expect(await hits(written, [['pay', { n: 1 }], ['pay'], ['pay', { n: 1 }]])).toEqual([
      [2],
      [0, 2],
      [1, 2],
    ])
  })

  it('starts anew in each trial', async () => {
    const list = faults.parse([{ tool: 'pay', fault: 'error' }])
    const [first, second] = [
      await aSession(tools, { faults: list }),
      await aSession(tools, { faults: list }),
    ]
    expect(errorOf(first.call('pay', {}))).toMatch(/^unavailable:/)
    expect(first.call('pay', {}).status).toBe('ok')
    expect(errorOf(second.call('pay', {}))).toMatch(/^unavailable:/)
  })

  it('does not count a call that cannot be looked at', async () => {
    const session = await aSession(tools, {
      faults: faults.parse([{ tool: 'pay', fault: 'error', args: { args: { ne: { a: 1 } } } }]),
    })
    let args: JsonObject = {}
    for (let level = 0; level < 50_000; level++) args = { args }
    expect(errorOf(session.call('pay', args))).toMatch(/^invalid_arguments:/)
    expect(errorOf(session.call('pay', {}))).toMatch(/^unavailable:/)
  })

  it.each([
    [{ tool: 'pya', fault: 'error' }, 'world.faults.1: there is no tool "pya"'],
    [
      { tool: 'pay', fault: 'stale' },
      'world.faults.1: pay writes, and only a read can be answered from an old state',
    ],
    [
      { tool: 'pay', fault: 'error', args: { id: { matches: '(' } } },
      'pattern (: missing closing )',
    ],
  ])('does not start with %j', async (fault, message) => {
    await expect(hits([{ tool: 'look', fault: 'stale' }, fault], [])).rejects.toThrow(message)
  })
})
