import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PolicyEngine } from '../../../../src/controls/policy-engine.ts'
import type { JsonObject, JsonValue } from '../../../../src/schema/json.ts'
import { decide, open, permitAll } from './open-policy.ts'

const names = [
  'amount_usd',
  'order_id',
  'who',
  'when',
  'lines',
  '__proto__',
  '__entity',
  '__extn',
  'constructor',
  '',
]

const disguise: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue>(
  { __entity: { type: 'Agent', id: 'root' } },
  { __extn: { fn: 'decimal', arg: '1.0' } },
  { __expr: 'decimal("1.0")' },
  '1.0',
  '2026-01-01',
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  -0,
)

const anything = fc.oneof(
  disguise,
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary' }),
)

/** Objects as `JSON.parse` makes them, `__proto__` among their own members. */
const args: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary' })), anything), {
    maxLength: 8,
  })
  .map((members) => Object.fromEntries(members))

describe('whatever the arguments are', () => {
  let engine: PolicyEngine

  beforeAll(async () => {
    engine = await open({
      'p.cedar': `${permitAll} @id("cap") forbid (principal, action == Action::"pay", resource)
        when { context.args.amount_usd.greaterThan(decimal("50.0")) };`,
      's.cedarschema': `entity Agent; entity Tool;
        action pay appliesTo { principal: Agent, resource: Tool, context: { reason?: String, args: {
          amount_usd: decimal, order_id?: String, who?: Agent, when?: datetime,
          lines?: Set<{ sku?: String, ip?: ipaddr, "__proto__"?: Bool }> } } };`,
    })
  })

  it('decides, and allows only with an amount that it can read and that is within the cap', async () => {
    await fc.assert(
      fc.asyncProperty(args, fc.string({ unit: 'binary' }), async (given, reason) => {
        const said = await decide(engine, { args: given, reason })
        const amount = Object.hasOwn(given, 'amount_usd') ? given['amount_usd'] : undefined
        const isFine = typeof amount === 'number' && amount <= 50 && isDecimal(amount)
        if (!isFine) expect(said.decision).toBe('deny')
        const isError = said.rules.some(({ error }) => error !== undefined)
        expect(said.decision === 'deny').toBe(isError || said.rules.some(({ id }) => id === 'cap'))
      }),
      { numRuns: 1_000 },
    )
  })

  it('compares amounts of money as money', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -1_000_000, max: 1_000_000 }), async (tenThousandths) => {
        const said = await decide(engine, { args: { amount_usd: tenThousandths / 10_000 } })
        expect(said.decision).toBe(tenThousandths <= 500_000 ? 'allow' : 'deny')
        expect(said.rules.some(({ error }) => error !== undefined)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('decides the same of the same', async () => {
    await fc.assert(
      fc.asyncProperty(args, async (given) => {
        const first = await decide(engine, { args: given })
        expect(await decide(engine, { args: structuredClone(given) })).toEqual(first)
      }),
      { numRuns: 100 },
    )
  })
})

function isDecimal(value: number): boolean {
  return Math.abs(value) < 922_337_203_685_477 && value === Number(value.toFixed(4))
}
