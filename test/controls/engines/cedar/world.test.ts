import { describe, expect, it } from 'vitest'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import type { PolicyEngine } from '../../../../src/controls/policy-engine.ts'
import { toExprValue } from '../../../../src/expr/value.ts'
import type { JsonObject } from '../../../../src/schema/json.ts'
import { decide, open } from './open-policy.ts'

const schema = `
  entity Team;
  entity Agent in [Team] { principal: String, scopes?: Set<String>, level?: Long };
  entity Tool;
  entity Region { open: Bool };
  entity Customer { name: String, limit: decimal, region?: Region } tags String;
  entity Order { customer: Customer, total: decimal, placed?: datetime, lines: Set<{ sku: String, count: Long }> };
  action pay appliesTo { principal: Agent, resource: Order };
  action look appliesTo { principal: Agent, resource: Tool };
`
const settings = {
  resources: { pay: { type: 'Order', id: 'input.order' } },
  world: [
    { type: 'Order', from: 'state.orders' },
    { type: 'Customer', from: 'state.customers' },
  ],
}
const order = {
  customer: 'C-1',
  total: 20.5,
  lines: [{ sku: 'a', count: 2, note: 'x' }],
  internal: 1.23456,
}
const world = { orders: { 'O-1': order }, customers: { 'C-1': { name: 'Ü', limit: 100 } } }

async function openWith(
  condition: string,
  entities: readonly unknown[] = [],
): Promise<PolicyEngine> {
  const files = {
    'p.cedar': `@id("yes") permit (principal, action, resource) when { ${condition} };`,
    's.cedarschema': schema,
    'e.json': JSON.stringify(entities),
  }
  return await open(files, { ...settings, entities: 'e.json' })
}

async function pay(engine: PolicyEngine, state: JsonObject, id = 'O-1'): Promise<ControlDecision> {
  return await decide(engine, { args: { order: id } }, { state: toExprValue(state) })
}

const onOrder = (condition: string): string => `resource is Order && ${condition}`

describe('records of the world', () => {
  it.each([
    'resource.total == decimal("20.5")',
    'resource.customer == Customer::"C-1"',
    'resource.customer.limit == decimal("100.0")',
    'resource.lines.contains({ sku: "a", count: 2 })',
    '!(resource has placed)',
  ])('%s', async (condition) => {
    expect((await pay(await openWith(onOrder(condition)), world)).decision).toBe('allow')
  })

  it('are those of the state that is asked about', async () => {
    const engine = await openWith(onOrder('resource.total == decimal("20.5")'))
    const first = toExprValue(world)
    const second = toExprValue({ ...world, orders: { 'O-1': { ...order, total: 21 } } })
    const decisions: string[] = []
    for (const state of [first, second, first, second]) {
      decisions.push((await decide(engine, { args: { order: 'O-1' } }, { state })).decision)
    }
    expect(decisions).toEqual(['allow', 'deny', 'allow', 'deny'])
  })

  it.each([
    'state.shop.orders',
    'state["shop"].orders',
    'state.shop.open ? state.shop.orders : {}',
    '{"O-1": state.shop.orders["O-1"]}',
  ])('are found by any expression: %s', async (from) => {
    const engine = await open(
      {
        'p.cedar':
          'permit (principal, action, resource is Order) when { resource.total == decimal("20.5") };',
        's.cedarschema': schema,
      },
      { resources: settings.resources, world: [{ type: 'Order', from }] },
    )
    const state = { shop: { open: true, orders: world.orders } }
    expect((await pay(engine, state)).decision).toBe('allow')
    expect((await pay(engine, { shop: { open: true, orders: {} } })).decision).toBe('deny')
  })

  it('are looked up by ids that are whole numbers too', async () => {
    const engine = await openWith(onOrder('resource.total == decimal("20.5")'))
    const state = toExprValue({ ...world, orders: { 17: order } })
    expect((await decide(engine, { args: { order: 17 } }, { state })).decision).toBe('allow')
  })

  it.each([
    ['a list', ['O-1']],
    ['null', null],
    ['true', true],
    ['an object', { __entity: { type: 'Order', id: 'O-1' } }],
    ['nothing', undefined],
  ])('an action about %s is about no record: an error', async (_, id) => {
    const engine = await openWith('true')
    const args: JsonObject = id === undefined ? {} : { order: id }
    const said = await decide(engine, { args }, { state: toExprValue(world) })
    expect(said.rules).toMatchObject([
      {
        id: 'not-evaluated',
        error: expect.stringMatching(/^the resource of pay, input\.order/) as string,
      },
    ])
  })

  it('one that does not fit the schema denies the actions that can see it, and only these', async () => {
    const engine = await openWith('true')
    const orders = {
      'O-1': order,
      'O-2': { ...order, total: 'a lot' },
      'O-3': { ...order, customer: 'C-2' },
      'O-4': 'an order',
      'O-5': { total: 1 },
    }
    const customers = { ...world.customers, 'C-2': { name: 'x' } }
    const errorOf = async (id: string): Promise<unknown> =>
      (await pay(engine, { orders, customers }, id)).rules[0]?.error
    expect(await errorOf('O-1')).toBeUndefined()
    expect(await errorOf('O-2')).toMatch(/^Order::"O-2"\.total is a text, and the schema wants/)
    expect(await errorOf('O-3')).toBe('Customer::"C-2".limit is missing')
    expect(await errorOf('O-4')).toBe('Order::"O-4" is no record')
    expect(await errorOf('O-5')).toBe('Order::"O-5".customer is missing')
  })

  it('a table that is not there denies, as an error', async () => {
    const engine = await openWith('true')
    expect((await pay(engine, {})).rules[0]?.error).toMatch(/^state\.orders: /)
    expect((await pay(engine, { orders: [order] })).rules[0]?.error).toBe(
      'state.orders is no map from ids to records',
    )
    const look = await decide(engine, { tool: 'look' }, { state: toExprValue({}) })
    expect(look.decision).toBe('allow')
  })

  it('a record that is not there is known by its name alone', async () => {
    const engine = await openWith('resource == Order::"O-9"')
    expect((await pay(engine, world, 'O-9')).decision).toBe('allow')
    expect((await pay(engine, { ...world, orders: { 'O-9': null } }, 'O-9')).decision).toBe('allow')
  })
})

describe('entities of the file', () => {
  const uid = (type: string, id: string): { type: string; id: string } => ({ type, id })
  const inTeam = {
    uid: uid('Agent', 'agent'),
    attrs: { principal: 'x', level: 3 },
    parents: [uid('Team', 'refunds')],
  }
  const team = { uid: { __entity: uid('Team', 'refunds') }, attrs: {}, parents: [] }
  const north = { uid: uid('Region', 'north'), attrs: { open: true }, parents: [] }

  it('say which teams an agent is in; what we know of it ourselves comes first', async () => {
    const condition =
      'principal in Team::"refunds" && principal has level && principal.level == 3 && principal.principal == "agent"'
    expect((await pay(await openWith(condition, [inTeam, team]), world)).decision).toBe('allow')
    expect((await pay(await openWith(condition), world)).decision).toBe('deny')
  })

  it('are found by what refers to them, over several steps', async () => {
    const condition = onOrder('resource.customer has region && resource.customer.region.open')
    const state = { ...world, customers: { 'C-1': { ...world.customers['C-1'], region: 'north' } } }
    expect((await pay(await openWith(condition, [north]), state)).decision).toBe('allow')
  })

  it('are found where only a policy names them', async () => {
    const engine = await openWith(
      'Region::"north".open && [Region::"north"].contains(Region::"north")',
      [north],
    )
    expect((await pay(engine, world)).decision).toBe('allow')
  })

  it('add tags to records of the world', async () => {
    const tagged = {
      uid: uid('Customer', 'C-1'),
      attrs: { name: 'old', limit: { __extn: { fn: 'decimal', arg: '1.0' } } },
      parents: [],
      tags: { plan: 'gold' },
    }
    const condition = onOrder(
      'resource.customer.hasTag("plan") && resource.customer.getTag("plan") == "gold" && resource.customer.name == "Ü"',
    )
    expect((await pay(await openWith(condition, [tagged]), world)).decision).toBe('allow')
  })

  it('may refer to each other in circles', async () => {
    const circle = `entity Agent { friend?: Agent }; entity Tool; action look appliesTo { principal: Agent, resource: Tool };`
    const friend = (id: string, of: string): unknown => ({
      uid: uid('Agent', id),
      attrs: { friend: { __entity: uid('Agent', of) } },
      parents: [],
    })
    const engine = await open(
      {
        'p.cedar':
          'permit (principal, action, resource) when { principal has friend && principal.friend has friend && principal.friend.friend == principal };',
        's.cedarschema': circle,
        'e.json': JSON.stringify([friend('agent', 'b'), friend('b', 'agent')]),
      },
      { entities: 'e.json' },
    )
    expect((await decide(engine, { tool: 'look' })).decision).toBe('allow')
  })
})
