import { describe, expect, it } from 'vitest'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import type { JsonObject, JsonValue } from '../../../../src/schema/json.ts'
import { decide, open, permitAll, schemaFor } from './open-policy.ts'

/** What one `permit` with this condition says of `pay` with these arguments. */
async function permits(
  condition: string,
  { args, types }: { readonly types: string; readonly args: JsonObject },
): Promise<ControlDecision> {
  const engine = await open({
    'p.cedar': `permit (principal, action == Action::"pay", resource) when { ${condition} };`,
    's.cedarschema': schemaFor(types, 'entity Customer; entity Status enum ["open", "closed"];'),
  })
  return await decide(engine, { args })
}

describe('what a policy that cannot be evaluated does', () => {
  const schema = schemaFor('n: Long', 'entity Order { total: Long };').replace(
    'resource: Tool, context',
    'resource: [Tool, Order], context',
  )
  const overflow =
    '@id("broken") forbid (principal, action == Action::"pay", resource) when { context.args.n * 9223372036854775807 > 5 };'

  it('denies where Cedar would let it pass: a forbid whose condition fails', async () => {
    const engine = await open({ 'p.cedar': permitAll + overflow, 's.cedarschema': schema })
    expect((await decide(engine, { args: { n: 0 } })).decision).toBe('allow')
    expect((await decide(engine, { args: { n: 1 } })).rules).toMatchObject([{ id: 'broken' }])
    expect(await decide(engine, { args: { n: 2 } })).toMatchObject({
      decision: 'deny',
      rules: [
        { id: 'all', decision: 'allow' },
        {
          id: 'broken',
          decision: 'deny',
          reason: 'the policy could not be evaluated',
          error: expect.stringContaining('overflow') as string,
        },
      ],
    })
  })

  it('denies as an error also where a permit fails beside one that permits', async () => {
    const broken = overflow.replace('forbid', 'permit')
    const engine = await open({ 'p.cedar': permitAll + broken, 's.cedarschema': schema })
    const said = await decide(engine, { args: { n: 2 } })
    expect(said).toMatchObject({ decision: 'deny', rules: [{ id: 'all' }, { id: 'broken' }] })
    expect(said.rules[1]?.error).toBeDefined()
  })

  it('denies as an error where a forbid that escalates fails', async () => {
    const escalates = `@on_fail("escalate") ${overflow}`
    const engine = await open({ 'p.cedar': permitAll + escalates, 's.cedarschema': schema })
    expect((await decide(engine, { args: { n: 1 } })).decision).toBe('escalate')
    const said = await decide(engine, { args: { n: 2 } })
    expect(said).toMatchObject({
      decision: 'deny',
      rules: [{ decision: 'allow' }, { decision: 'deny' }],
    })
  })

  it('denies as an error where a record that a condition reads does not exist', async () => {
    const reads =
      '@id("cap") forbid (principal, action == Action::"pay", resource is Order) when { resource.total < 5 };'
    const engine = await open(
      { 'p.cedar': permitAll + reads, 's.cedarschema': schema },
      { resources: { pay: { type: 'Order', id: 'input.n' } } },
    )
    expect(await decide(engine, { args: { n: 7 } })).toMatchObject({
      decision: 'deny',
      rules: [
        { id: 'all' },
        {
          id: 'cap',
          error: expect.stringContaining('entity `Order::"7"` does not exist') as string,
        },
      ],
    })
  })
})

describe('what denials come to', () => {
  const when = (n: number): string => `when { context.args.n > ${n} };`
  const forbid = 'forbid (principal, action == Action::"pay", resource)'
  const schema = schemaFor('n: Long')
  const files = {
    'p.cedar': `${permitAll}
      @id("person") @on_fail("escalate_to_human") ${forbid} ${when(10)}
      @id("alert") @on_fail("block_and_alert") @severity("critical") ${forbid} ${when(20)}
      @id("fall") @on_fail("fallback") ${forbid} ${when(30)}`,
    's.cedarschema': schema,
  }

  it.each([
    [10, { decision: 'allow' }, ['all']],
    [11, { decision: 'escalate' }, ['all', 'person']],
    [21, { decision: 'deny', alert: true }, ['alert']],
    [31, { decision: 'deny', alert: true, fallback: true }, ['alert', 'fall']],
  ])('of %d: %j', async (n, expected, ids) => {
    const { decision, alert, fallback, rules } = await decide(await open(files), { args: { n } })
    const flags = {
      ...(alert !== undefined && { alert }),
      ...(fallback !== undefined && { fallback }),
    }
    expect({ decision, ...flags }).toEqual(expected)
    expect(rules.map(({ id }) => id)).toEqual(ids)
  })

  it.each([
    '@on_fail("escalate") forbid',
    '@forbid("forbid") @ permit @on_fail("escalate") // forbid (\n forbid',
    '@on_fail("escalate") @a forbid',
  ])('finds the effect of a policy that escalates: %s', async (head) => {
    const escalates = `@id("person") ${head}(principal, action == Action::"pay", resource) ${when(10)}`
    const engine = await open({ 'p.cedar': permitAll + escalates, 's.cedarschema': schema })
    expect((await decide(engine, { args: { n: 10 } })).decision).toBe('allow')
    expect((await decide(engine, { args: { n: 11 } })).decision).toBe('escalate')
  })

  it('decides by the numbers of a policy as they are written', async () => {
    for (const [onFail, decision] of [
      ['deny', 'deny'],
      ['escalate', 'escalate'],
    ] as const) {
      const beyond = `@id("n") @on_fail("${onFail}") ${forbid} when { context.args.n + 2 >= 9007199254740993 };`
      const engine = await open({ 'p.cedar': permitAll + beyond, 's.cedarschema': schema })
      const most = 9_007_199_254_740_991
      expect((await decide(engine, { args: { n: most } })).decision).toBe(decision)
      expect((await decide(engine, { args: { n: most - 1 } })).decision).toBe('allow')
    }
  })

  it('tells nobody and falls back on nothing where the policy lets it pass or escalates', async () => {
    const said = await decide(await open(files), { args: { n: 11 } })
    expect(said).not.toHaveProperty('alert')
    expect(said).not.toHaveProperty('fallback')
  })

  it('says so where no policy permits, which is no error', async () => {
    const engine = await open({
      'p.cedar': `@id("some") permit (principal, action == Action::"look", resource);`,
      's.cedarschema': schema,
    })
    expect((await decide(engine, { args: { n: 1 } })).rules).toEqual([
      { id: 'no-permit', decision: 'deny', reason: 'no policy permits this' },
    ])
  })

  it('never escalates what nothing permits: a person could not allow it either', async () => {
    const engine = await open({
      'p.cedar': `@id("person") @on_fail("escalate") ${forbid} ${when(10)}
        @id("small") permit (principal, action == Action::"pay", resource) when { context.args.n < 10 };`,
      's.cedarschema': schema,
    })
    const said = await decide(engine, { args: { n: 11 } })
    expect(said).toMatchObject({ decision: 'deny', rules: [{ id: 'person' }, { id: 'no-permit' }] })
    expect((await decide(engine, { args: { n: 9 } })).decision).toBe('allow')
    expect((await decide(engine, { args: { n: 10 } })).decision).toBe('deny')
  })
})

describe('arguments become what the schema declares', () => {
  it.each([
    ['Long', 'context.args.x == 7', 7],
    ['Long', 'context.args.x == -9007199254740991', -9007199254740991],
    ['String', 'context.args.x == "ü😀"', 'ü😀'],
    ['Bool', 'context.args.x', true],
    ['decimal', 'context.args.x == decimal("0.1")', 0.1],
    ['decimal', 'context.args.x == decimal("7.0")', 7],
    ['decimal', 'context.args.x == decimal("-12.3456")', -12.3456],
    ['Set<Long>', 'context.args.x.containsAll([1, 2])', [2, 1, 1]],
    ['Set<String>', 'context.args.x.isEmpty()', []],
    [
      '{ a: { b: Set<{ c: Long }> } }',
      'context.args.x.a.b.contains({ c: 3 })',
      { a: { b: [{ c: 3 }] }, z: 1 },
    ],
    ['Customer', 'context.args.x == Customer::"C-1"', 'C-1'],
    ['Customer', 'context.args.x == Customer::"17"', 17],
    ['Status', 'context.args.x == Status::"open"', 'open'],
    ['datetime', 'context.args.x == datetime("2026-09-14")', '2026-09-14'],
    [
      'datetime',
      'context.args.x == datetime("2026-09-14T10:00:00.250Z")',
      '2026-09-14T10:00:00.25Z',
    ],
    ['datetime', 'context.args.x == datetime("2026-09-14T08:00:00Z")', '2026-09-14T10:00:00+02:00'],
    [
      'datetime',
      'context.args.x == datetime("2026-09-14T10:00:00.123Z")',
      '2026-09-14T10:00:00.123999Z',
    ],
    ['duration', 'context.args.x == duration("90m")', '1h30m'],
    ['ipaddr', 'context.args.x.isInRange(ip("10.0.0.0/8"))', '10.1.2.3'],
  ] as const)('%s: %s', async (type, condition, x: JsonValue) => {
    const said = await permits(condition, { types: `x: ${type}`, args: { x } })
    expect(said).toMatchObject({ decision: 'allow', rules: [{ id: 'p.cedar:1' }] })
  })

  it.each([
    ['Long', 7.5],
    ['Long', 2 ** 60],
    ['Long', '7'],
    ['String', 7],
    ['String', ['a']],
    ['Bool', 'true'],
    ['Bool', 1],
    ['decimal', '0.1'],
    ['decimal', 0.12345],
    ['Set<Long>', { 0: 1 }],
    ['Set<Long>', [1, '2']],
    ['Set<Long>', [1, null]],
    ['{ a: Long }', []],
    ['{ a: Long }', {}],
    ['Customer', { type: 'Customer', id: 'C-1' }],
    ['Customer', { __entity: { type: 'Customer', id: 'C-1' } }],
    ['Status', 'ajar'],
    ['datetime', 1789380000000],
    ['datetime', 'yesterday'],
    ['datetime', '2026-02-30'],
    ['datetime', '2026-09-14T10:00:00'],
    ['duration', 'PT1H'],
    ['ipaddr', '10.1.2'],
  ] as const)('%s is never %j: that denies, as an error', async (type, x: JsonValue) => {
    for (const optional of ['', '?']) {
      const said = await permits('true', { types: `x${optional}: ${type}`, args: { x } })
      expect(said).toMatchObject({ decision: 'deny', rules: [{ id: 'not-evaluated' }] })
      expect(said.rules[0]?.error).toMatch(/./)
    }
  })

  it('leaves out what may be absent, and null', async () => {
    for (const args of [{}, { x: null }]) {
      const said = await permits('!(context.args has x)', { types: 'x?: Long', args })
      expect(said.decision).toBe('allow')
    }
  })

  it('keeps back what the schema does not declare', async () => {
    const args = { x: 1, y: 1.5, constructor: 1, toString: null }
    const said = await permits('context.args == { x: 1 }', { types: 'x: Long', args })
    expect(said.decision).toBe('allow')
  })
})

describe('arguments that pose as something else', () => {
  it('an object is never taken for an entity or an extension value', async () => {
    const entity = { __entity: { type: 'Customer', id: 'vip' } }
    const extension = { __extn: { fn: 'decimal', arg: '1.0' } }
    for (const [type, x] of [
      ['String', entity],
      ['String', extension],
      ['Customer', entity],
      ['decimal', extension],
      ['Set<Customer>', [entity]],
      ['{ n: decimal }', { n: extension }],
      ['{ n: Long }', extension],
    ] as const) {
      const said = await permits('true', { types: `x: ${type}`, args: { x } })
      expect(said).toMatchObject({ decision: 'deny', rules: [{ id: 'not-evaluated' }] })
    }
    const said = await permits('!(context.args.x has n)', {
      types: 'x: { n?: Long }',
      args: { x: entity },
    })
    expect(said.decision).toBe('allow')
  })

  it('a record that looks like an entity stays a record', async () => {
    const args = { x: { type: 'Customer', id: 'vip' } }
    const said = await permits('context.args.x.type == "Customer"', {
      types: 'x: { type: String, id: String }',
      args,
    })
    expect(said.decision).toBe('allow')
  })

  it('a member called __proto__ is one like any other', async () => {
    const types = '"__proto__"?: { admin: Bool }, admin?: Bool'
    const polluted = JSON.parse('{ "__proto__": { "admin": true } }') as JsonObject
    const asked = 'context.args has "__proto__" && context.args["__proto__"].admin'
    expect((await permits(asked, { types, args: polluted })).decision).toBe('allow')
    expect((await permits(asked, { types, args: {} })).rules).toMatchObject([{ id: 'no-permit' }])
    const inherited = await permits('context.args has admin', { types, args: polluted })
    expect(inherited.rules).toMatchObject([{ id: 'no-permit' }])
  })

  it('half a character denies, and the next decision is made as ever', async () => {
    const engine = await open({
      'p.cedar': permitAll,
      's.cedarschema': schemaFor('x?: String'),
    })
    for (const action of [{ args: { x: '\ud800' } }, { tool: '\ud800' }]) {
      expect(await decide(engine, action)).toMatchObject({
        decision: 'deny',
        rules: [{ id: 'not-evaluated', error: expect.stringMatching(/./) as string }],
      })
    }
    const agent = { principal: '\udfff' }
    expect((await decide(engine, {}, { agent })).decision).toBe('deny')
    expect((await decide(engine)).decision).toBe('allow')
  })

  it('long texts cost what they are long, and errors do not repeat them', async () => {
    const engine = await open({
      'p.cedar': `${permitAll} forbid (principal, action == Action::"pay", resource) when { context.args has x && context.args.x like "*a*a*a*b" };`,
      's.cedarschema': schemaFor('x?: String, ip?: ipaddr'),
    })
    expect((await decide(engine, { args: { x: 'a'.repeat(1_000_000) } })).decision).toBe('allow')
    expect((await decide(engine, { args: { x: '"};\n//' } })).decision).toBe('allow')
    const said = await decide(engine, { args: { ip: '9'.repeat(100_000) } })
    expect(said.decision).toBe('deny')
    expect(said.rules[0]?.error?.length).toBeLessThanOrEqual(300)
  })

  it('arguments that nest too deep deny', async () => {
    const engine = await open({ 'p.cedar': permitAll, 's.cedarschema': schemaFor('') })
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as JsonObject
    expect((await decide(engine, { args: deep })).rules).toMatchObject([{ id: 'not-evaluated' }])
    expect((await decide(engine)).decision).toBe('allow')
  })
})
