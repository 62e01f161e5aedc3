import { describe, expect, it } from 'vitest'
import { synthesiseArguments, textsIn } from '../../src/lint/synthesise.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { compileSchema } from '../../src/world/json-schema.ts'

const reach = { near: ['Ana', 'O-7'], ids: ['C-1', 'O-1'] }

async function made(schema: JsonObject): Promise<JsonObject | undefined> {
  const compiled = await compileSchema(schema)
  if (!compiled.ok) throw new Error(compiled.error)
  return synthesiseArguments(schema, reach, compiled.value)
}

const object = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
})

describe('synthesiseArguments', () => {
  it('fills what is required from the task, then from the world', async () => {
    const schema = object({
      order_id: { type: 'string', pattern: '^O-[0-9]$' },
      customer_id: { type: 'string', pattern: '^C-[0-9]$' },
      kind: { enum: ['refund', 'other'] },
      amount: { type: 'number', minimum: 7 },
      urgent: { type: 'boolean' },
    })
    expect(await made(schema)).toEqual({
      order_id: 'O-7',
      customer_id: 'C-1',
      kind: 'refund',
      amount: 10,
      urgent: true,
    })
  })

  it('leaves out what is not required', async () => {
    expect(await made({ type: 'object', properties: { note: { type: 'string' } } })).toEqual({})
  })

  it('fills objects in objects, lists and formats', async () => {
    const schema = object({
      to: object({ mail: { type: 'string', format: 'email' } }),
      ids: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^O-' } },
      version: { const: 2 },
    })
    expect(await made(schema)).toEqual({ to: { mail: 'a@example.com' }, ids: ['O-7'], version: 2 })
  })

  it('gives up where nothing fits', async () => {
    expect(await made(object({ code: { type: 'string', pattern: '^[A-Z]{9}$' } }))).toBeUndefined()
    expect(await made({ ...object({ a: { type: 'string' } }), minProperties: 2 })).toBeUndefined()
  })
})

describe('textsIn', () => {
  it('collects short texts, each once', () => {
    expect(textsIn([{ a: 'x', b: ['y', 'x', 3] }, 'z', 'long '.repeat(20)])).toEqual([
      'x',
      'y',
      'z',
    ])
  })
})
