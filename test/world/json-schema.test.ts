import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { compileSchema } from '../../src/world/json-schema.ts'
import { json } from './builders.ts'

async function errors(schema: JsonObject, value: JsonValue): Promise<readonly string[]> {
  const compiled = await compileSchema(schema)
  if (!compiled.ok) throw new Error(compiled.error)
  return compiled.value(value)
}

async function refusal(schema: JsonObject): Promise<string | undefined> {
  const compiled = await compileSchema(schema)
  return compiled.ok ? undefined : compiled.error
}

const refund = {
  type: 'object',
  properties: {
    amount_usd: { type: 'number', multipleOf: 0.01, maximum: 100 },
    reason: { enum: ['late', 'broken'] },
    items: { type: 'array', items: { type: 'object', required: ['sku'] } },
    kind: { const: 'full' },
  },
  required: ['amount_usd'],
  additionalProperties: false,
}

describe('compileSchema', () => {
  it('says nothing of what fits', async () => {
    expect(await errors(refund, { amount_usd: 19.99, items: [{ sku: 'a' }] })).toEqual([])
  })

  it('names every fault so that a model can mend it', async () => {
    const faulty = { amount_usd: '5', reason: 'late?', items: [{}], kind: 'x', extra: 1 }
    expect([...(await errors(refund, faulty))].sort()).toEqual([
      'amount_usd: must be number',
      'extra: is not a known property',
      'items[0].sku: is required',
      'kind: must be "full"',
      'reason: must be one of ["late","broken"]',
    ])
    expect(await errors(refund, {})).toEqual(['amount_usd: is required'])
    expect(await errors(refund, { amount_usd: 100.5 })).toEqual(['amount_usd: must be <= 100'])
    expect(await errors({ type: 'string' }, 5)).toEqual(['must be string'])
  })

  it('lists twenty faults and counts the others', async () => {
    const texts = await errors(
      { items: { type: 'string' } },
      Array.from({ length: 30 }, () => 1),
    )
    expect(texts).toHaveLength(21)
    expect(texts.at(-1)).toBe('and 10 more')
  })

  it('chooses the dialect by $schema', async () => {
    const tuple = (extra: JsonObject): JsonObject => ({ type: 'array', ...extra })
    const draft7 = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      items: [{ type: 'string' }],
    }
    const newest = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      prefixItems: [{ type: 'string' }],
    }
    expect(await errors(tuple(draft7), [1])).toEqual(['[0]: must be string'])
    expect(await errors(tuple(newest), [1])).toEqual(['[0]: must be string'])
    expect(await errors(tuple({ prefixItems: [{ type: 'string' }] }), [1])).toHaveLength(1)
    expect(await refusal({ $schema: 'http://json-schema.org/draft-04/schema#' })).toBe(
      'unknown dialect "http://json-schema.org/draft-04/schema#"; use draft 6, 7 or 2020-12',
    )
    expect(await refusal({ $schema: 7 })).toMatch(/^unknown dialect 7/)
  })

  it('takes the same $id in two schemas for two schemas', async () => {
    const schema = (type: string): JsonObject => ({ $id: 'https://tools/x', type })
    expect(await errors(schema('string'), 'a')).toEqual([])
    expect(await errors(schema('number'), 'a')).toEqual(['must be number'])
  })

  it('tells apart the patterns of two properties', async () => {
    const schema = { properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' } } }
    expect(await errors(schema, { a: 'a', b: 'b' })).toEqual([])
    expect(await errors(schema, { a: 'b', b: 'a' })).toHaveLength(2)
  })

  it('matches patterns in linear time', async () => {
    const schema = { pattern: '^(a+)+$', patternProperties: { '^(b+)+$': true } }
    expect(await errors(schema, `${'a'.repeat(100_000)}!`)).toHaveLength(1)
    expect(await errors(schema, { [`${'b'.repeat(50_000)}!`]: 1 })).toEqual([])
    expect(await refusal({ pattern: '(?=a)' })).toMatch(/look-around/)
  })

  it('takes ordinary tool schemas with keywords and formats of their own', async () => {
    const schema = { 'x-order': 1, properties: { when: { format: 'date-time', 'x-hint': '' } } }
    expect(await errors(schema, { when: 'soon' })).toEqual(['when: must match format "date-time"'])
    expect(await errors({ format: 'colour' }, 'red')).toEqual([])
  })

  it('looks at own keys only', async () => {
    expect(await errors({ required: ['toString'] }, {})).toEqual(['toString: is required'])
    const closed = { properties: {}, additionalProperties: false }
    expect(await errors(closed, json('{"__proto__": 1}'))).toEqual([
      '__proto__: is not a known property',
    ])
  })

  it('says one thing for each failed condition', async () => {
    const schema = { if: { required: ['a'] }, then: { required: ['b'] } }
    expect(await errors(schema, { a: 1 })).toEqual(['b: is required'])
  })

  it('refuses what is no schema', async () => {
    expect(await refusal({ type: 'strng' })).toMatch(/type must be JSONType/)
    expect(await refusal({ properties: { a: { minimum: 'x' } } })).toMatch(/minimum value must be/)
    expect(await refusal({ $ref: 'https://example.com/other.json' })).toMatch(/resolve reference/)
    expect(await refusal({ $async: true, type: 'object' })).toBe('$async is not JSON Schema')
  })

  it('refuses schemas so large that they would be an attack', async () => {
    let deep: JsonObject = {}
    for (let level = 0; level < 60; level++) deep = { not: deep }
    expect(await refusal(deep)).toBe('a schema nests at most 50 deep')
    expect(await refusal({ description: 'x'.repeat(100_000) })).toBe(
      'a schema has at most 100000 characters',
    )
  })
})
