import { describe, expect, it } from 'vitest'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import { decide, open } from './open-policy.ts'

const agent =
  'entity Agent { principal: String, scopes?: Set<String>, tenant?: String, expires?: datetime };'
const tool = 'entity Tool { name: String, tier: Long, effect: String };'

interface Asked {
  readonly context?: string
  readonly action?: Parameters<typeof decide>[1]
  readonly given?: Parameters<typeof decide>[2]
}

async function permits(
  condition: string,
  { action, context = '', given }: Asked,
): Promise<ControlDecision> {
  const engine = await open({
    'p.cedar': `@id("yes") permit (principal, action, resource) when { ${condition} };`,
    's.cedarschema': `${agent} ${tool} action pay, "crm.read" appliesTo { principal: Agent, resource: Tool, context: { ${context} } };`,
  })
  return await decide(engine, action, given)
}

describe('the context', () => {
  const now = '2026-09-14T10:00:00.250Z'
  const calls = [
    { tool: 'crm.read', args: {} },
    { tool: 'pay', args: {} },
    { tool: 'pay', args: {} },
  ]
  const full = { reason: 'asked', scope: 'refunds', tenant: 'T-1', usd: 12.34 }

  it.each([
    ['tool: String', 'context.tool like "p*"'],
    ['tier: Long', 'context.tier == 2'],
    ['effect: String', 'context.effect == "write"'],
    ['reason: String', 'context.reason == "asked"'],
    ['scope: String', 'context.scope == "refunds"'],
    ['tenant: String', 'context.tenant == "T-1"'],
    ['usd: decimal', 'context.usd == decimal("12.34")'],
    ['now: datetime', 'context.now == datetime("2026-09-14T10:00:00.250Z")'],
    ['now: Long', `context.now == ${Date.UTC(2026, 8, 14, 10, 0, 0, 250)}`],
    ['now: String', `context.now == "${now}"`],
    ['calls: Set<String>', 'context.calls == ["pay", "crm.read"]'],
    ['calls: Set<Tool>', 'context.calls.contains(Tool::"crm.read")'],
    ['times: Long', 'context.times == 2'],
  ])('%s', async (context, condition) => {
    const said = await permits(condition, { context, action: full, given: { now, calls } })
    expect(said.rules).toMatchObject([{ id: 'yes', decision: 'allow' }])
  })

  it('has nothing of what is not known', async () => {
    for (const name of ['reason', 'scope', 'tenant', 'usd']) {
      const type = name === 'usd' ? 'decimal' : 'String'
      const absent = await permits(`!(context has ${name})`, { context: `${name}?: ${type}` })
      expect(absent.decision).toBe('allow')
      const demanded = await permits('true', { context: `${name}: ${type}` })
      expect(demanded.rules).toMatchObject([{ error: `context.${name} is missing` }])
    }
  })

  it('denies, as an error, what a schema demands that nobody knows', async () => {
    const said = await permits('true', { context: 'department: String' })
    expect(said.rules).toMatchObject([
      { id: 'not-evaluated', error: 'context.department is missing' },
    ])
  })

  it('an empty past is an empty set', async () => {
    const said = await permits('context.calls.isEmpty() && context.times == 0', {
      context: 'calls: Set<String>, times: Long',
    })
    expect(said.decision).toBe('allow')
  })
})

describe('who acts, and on what', () => {
  const who = {
    principal: 'support',
    scopes: ['refunds', 'crm'],
    tenant: 'T-1',
    expires: '2026-10-01T00:00:00Z',
  }

  it.each([
    'principal == Agent::"support"',
    'principal.principal == "support"',
    'principal has scopes && principal.scopes.contains("crm")',
    'principal has tenant && principal.tenant == "T-1"',
    'principal has expires && principal.expires == datetime("2026-10-01")',
    'action == Action::"pay"',
    'resource == Tool::"pay"',
    'resource.name like "pa*" && resource.tier == 2 && resource.effect == "write"',
  ])('%s', async (condition) => {
    expect((await permits(condition, { given: { agent: who } })).decision).toBe('allow')
  })

  it('an agent that nobody has limited has no scopes, not all and not none', async () => {
    expect((await permits('!(principal has scopes)', {})).decision).toBe('allow')
    const none = await permits('principal has scopes && principal.scopes.isEmpty()', {
      given: { agent: { principal: 'x', scopes: [] } },
    })
    expect(none.decision).toBe('allow')
  })

  it('a schema that demands scopes is not satisfied by an agent without', async () => {
    const engine = await open({
      'p.cedar': 'permit (principal, action, resource);',
      's.cedarschema':
        'entity Agent { scopes: Set<String> }; entity Tool; action pay appliesTo { principal: Agent, resource: Tool };',
    })
    expect((await decide(engine)).rules).toMatchObject([
      { error: 'Agent::"agent".scopes is missing' },
    ])
    const limited = await decide(engine, {}, { agent: { principal: 'agent', scopes: [] } })
    expect(limited.decision).toBe('allow')
  })

  it('an action that agents may not do, or not to tools, is an error', async () => {
    const engine = await open({
      'p.cedar': 'permit (principal, action, resource);',
      's.cedarschema': `entity Agent, User, Tool, Order;
        action pay appliesTo { principal: User, resource: Tool };
        action ship appliesTo { principal: Agent, resource: Order };`,
    })
    expect((await decide(engine)).rules).toMatchObject([
      { error: 'the schema lets no Agent do Action::"pay"' },
    ])
    expect((await decide(engine, { tool: 'ship' })).rules).toMatchObject([
      { error: 'in the schema Action::"ship" is done to Order, not to a Tool' },
    ])
  })
})

describe('a namespace and a schema in JSON', () => {
  const schema = {
    Support: {
      commonTypes: {
        Money: { type: 'decimal' },
        Args: { type: 'Record', attributes: { usd: { type: 'Money' } } },
      },
      entityTypes: {
        Agent: {},
        Tool: {},
        Customer: {
          shape: { type: 'Record', attributes: { cap: { type: 'Extension', name: 'decimal' } } },
        },
      },
      actions: {
        writes: {},
        pay: {
          memberOf: [{ id: 'writes' }],
          appliesTo: {
            principalTypes: ['Agent'],
            resourceTypes: ['Customer'],
            context: { type: 'Record', attributes: { args: { type: 'Args' } } },
          },
        },
      },
    },
  }
  const settings = {
    schema: 's.json',
    namespace: 'Support',
    resources: { pay: { type: 'Customer', id: 'input.customer' } },
    world: [{ type: 'Support::Customer', from: 'state.customers' }],
  }
  const policy =
    'permit (principal == Support::Agent::"agent", action in Support::Action::"writes", resource is Support::Customer) when { context.args.usd.lessThan(resource.cap) };'

  it('are understood', async () => {
    const engine = await open({ 'p.cedar': policy, 's.json': JSON.stringify(schema) }, settings)
    const { toExprValue } = await import('../../../../src/expr/value.ts')
    const given = { state: toExprValue({ customers: { C1: { cap: 20 } } }) }
    const pay = async (usd: number): Promise<ControlDecision> =>
      await decide(engine, { args: { usd, customer: 'C1' } }, given)
    expect((await pay(19.99)).decision).toBe('allow')
    expect((await pay(20)).rules).toMatchObject([{ id: 'no-permit' }])
  })

  it('are reported with what is wrong', async () => {
    const { problemsOf } = await import('./open-policy.ts')
    const wrong = async (text: string): Promise<unknown> =>
      (await problemsOf({ 'p.cedar': policy, 's.json': text }, settings)).map(
        ({ message }) => message,
      )
    expect(await wrong('{')).toEqual([expect.stringMatching(/^s\.json: SyntaxError/)])
    expect(await wrong('{ "Support": { "entityTypes": {} } }')).toEqual([
      expect.stringMatching(/^s\.json: .*missing field `actions`/),
    ])
    const lng = JSON.stringify(schema).replace('"Money"}', '"Mony"}')
    expect(await wrong(lng)).toEqual([expect.stringMatching(/^s\.json: .*Mony/)])
  })
})
