import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { checkWorld } from '../../src/world/prepare-world.ts'
import type { CallFacts } from '../../src/world/session.ts'
import { aSession, aWorld, json } from './builders.ts'

const state = {
  orders: {
    'O-1': { tenant: 'acme', cents: 4000 },
    'O-2': { tenant: '', cents: 90 },
    'O-3': { tenant: null, cents: -5 },
  },
}
const refund = {
  scope: 'payments:refund',
  tenant: 'state.orders[args.id].tenant',
  usd: 'double(state.orders[args.id].cents) / 100.0',
}

async function factsOf(tool: JsonObject, args: JsonObject = {}): Promise<CallFacts> {
  return (await aSession({ refund: tool }, { world: state })).factsOf('refund', args)
}

const usdOf = (usd: string, args: JsonObject = {}): Promise<CallFacts> => factsOf({ usd }, args)

describe('the facts of a call', () => {
  it('are none where its tool declares none, or there is no tool', async () => {
    expect(await factsOf({}, { id: 'O-1' })).toEqual({})
    const session = await aSession({ refund }, { world: state })
    expect(session.factsOf('refnd', {})).toEqual({})
    expect(session.factsOf('constructor', {})).toEqual({})
  })

  it('are the scope, the tenant and the dollars that its tool declares', async () => {
    expect(await factsOf(refund, { id: 'O-1' })).toEqual({
      scope: 'payments:refund',
      tenant: 'acme',
      usd: 40,
    })
  })

  it('take an empty tenant for nobody', async () => {
    expect(await factsOf(refund, { id: 'O-2' })).toEqual({ scope: 'payments:refund', usd: 0.9 })
  })

  it('that cannot be told are said to be so, each by itself', async () => {
    expect(await factsOf(refund, { id: 'O-3' })).toEqual({
      scope: 'payments:refund',
      untold: {
        tenant: 'state.orders[args.id].tenant gives no text',
        usd: 'double(state.orders[args.id].cents) / 100.0 gives no number from 0 on',
      },
    })
    const lost = await factsOf(refund, { id: 'O-9' })
    expect(Object.keys(lost)).toEqual(['scope', 'untold'])
    expect(lost.untold?.tenant).toMatch(/ in state\.orders\[args\.id\]\.tenant$/)
    expect(lost.untold?.usd).toMatch(/ in double\(/)
    expect(await factsOf({ ...refund, usd: '12' }, { id: 'O-9' })).toMatchObject({ usd: 12 })
  })

  it.each([
    ['0', 0],
    ['12', 12],
    ['12.5', 12.5],
    ['-0.0', 0],
    ['9007199254740991', 9007199254740991],
  ])('dollars may be %s', async (usd, expected) => {
    expect(await usdOf(usd)).toEqual({ usd: expected })
  })

  it.each([
    '-1',
    '-0.01',
    '9007199254740993',
    '0.0 / 0.0',
    '1.0 / 0.0',
    '"40"',
    'true',
    'null',
    '[40]',
    'args.usd',
  ])('dollars are not %s', async (usd) => {
    const facts = await usdOf(usd)
    expect(facts).toEqual({ untold: { usd: expect.any(String) as string } })
  })

  it('see the world as it is at that moment', async () => {
    const tools = {
      move: { change: [{ op: 'set', path: '/orders/O-1/tenant', value: 'globex' }] },
      look: { tenant: 'state.orders["O-1"].tenant' },
    }
    const session = await aSession(tools, { world: state })
    expect(session.factsOf('look', {})).toEqual({ tenant: 'acme' })
    session.call('move', {})
    expect(session.factsOf('look', {})).toEqual({ tenant: 'globex' })
  })

  it('of arguments without a bottom cannot be told', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
    const facts = await factsOf({ tenant: 'string(args.a)' }, json(deep))
    expect(facts).toEqual({ untold: { tenant: expect.any(String) as string } })
  })

  it('are dollars in JSON, or none, whatever the arguments', async () => {
    const session = await aSession({ pay: { usd: 'args.usd' } })
    fc.assert(
      fc.property(fc.jsonValue(), (usd) => {
        const facts = session.factsOf('pay', { usd: usd as JsonValue })
        const told = facts.usd
        expect((told === undefined) !== (facts.untold === undefined)).toBe(true)
        if (told !== undefined) expect(Object.is(JSON.parse(JSON.stringify(told)), told)).toBe(true)
      }),
    )
  })
})

describe('expressions for facts', () => {
  it('must compile and may name what guards may name', async () => {
    const world = aWorld({ refund: { tenant: 'stat.x', usd: 'args.usd +' } })
    const problems = await checkWorld(world)
    expect(problems.map(({ path }) => path.at(-1))).toEqual(['tenant', 'usd'])
    expect(problems[0]?.message).toBe('unknown variable "stat"; did you mean "state"?')
    const known = aWorld({ refund: { tenant: 'now', usd: 'args.usd + state.totals.rate' } })
    expect(await checkWorld(known)).toEqual([])
  })
})
