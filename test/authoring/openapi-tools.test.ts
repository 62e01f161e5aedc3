import { describe, expect, it } from 'vitest'
import { openApiTools } from '../../src/authoring/openapi-tools.ts'
import { stubTools } from '../../src/authoring/stub-tool.ts'
import type { JsonValue } from '../../src/schema/json.ts'

const document: JsonValue = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  paths: {
    '/orders/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'getOrder',
        summary: 'Looks up an order.',
        parameters: [
          { name: 'verbose', in: 'query', schema: { type: 'boolean' }, description: 'All of it.' },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
        ],
      },
      delete: { description: 'Removes an order.' },
    },
    '/refunds': {
      post: {
        operationId: 'refunds.create',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Refund' } } },
        },
      },
    },
  },
  components: {
    schemas: {
      Refund: {
        type: 'object',
        required: ['order', 'amount'],
        properties: {
          order: { type: 'string' },
          amount: { $ref: '#/components/schemas/Money' },
          parent: { $ref: '#/components/schemas/Refund' },
        },
      },
      Money: { type: 'number', minimum: 0 },
    },
  },
}

describe('openApiTools', () => {
  it('turns operations into tools with arguments side by side', () => {
    const [get, remove, create] = openApiTools(document, 'api.yaml')
    expect(get).toEqual({
      name: 'getOrder',
      description: 'Looks up an order.',
      effect: 'read',
      isDestructive: false,
      input: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          verbose: { type: 'boolean', description: 'All of it.' },
        },
        required: ['id'],
        additionalProperties: false,
      },
    })
    expect(remove).toMatchObject({ name: 'delete/orders/id', effect: 'write', isDestructive: true })
    expect(create).toMatchObject({
      name: 'refunds.create',
      description: 'POST /refunds',
      input: {
        required: ['order', 'amount'],
        properties: { amount: { type: 'number', minimum: 0 } },
      },
    })
  })

  it('ends in a circle of references instead of running in it', () => {
    const [, , create] = openApiTools(document, 'api.yaml')
    expect(create?.input['properties']).toMatchObject({ parent: {} })
  })

  it('takes a body that is no object as one argument', () => {
    const list: JsonValue = {
      openapi: '3.0.0',
      paths: {
        '/tags': {
          put: {
            requestBody: {
              required: true,
              content: { 'application/json': { schema: { type: 'array', items: {} } } },
            },
          },
        },
      },
    }
    expect(openApiTools(list, 'api.yaml')[0]?.input).toMatchObject({
      properties: { body: { type: 'array' } },
      required: ['body'],
    })
  })

  it.each([
    [{ swagger: '2.0' }, 'is no OpenAPI 3 document'],
    ['text', 'is no OpenAPI 3 document'],
    [{ openapi: '3.0.0', paths: {} }, 'the OpenAPI document has no operation'],
  ] as const)('refuses %j', (value, message) => {
    expect(() => openApiTools(value as JsonValue, 'api.yaml')).toThrow(message)
  })
})

describe('stubTools', () => {
  it('gives names that our documents accept, and tiers by what is at stake', () => {
    const stubs = stubTools(openApiTools(document, 'api.yaml'))
    expect(
      Object.entries(stubs).map(([name, { effect, risk_tier }]) => [name, effect, risk_tier]),
    ).toEqual([
      ['getOrder', 'read', 0],
      ['delete_orders_id', 'write', 3],
      ['refunds.create', 'write', 2],
    ])
  })

  it('tells two tools of one name apart', () => {
    const tool = { description: '', input: {}, effect: 'read', isDestructive: false } as const
    expect(
      Object.keys(
        stubTools([
          { ...tool, name: 'a b' },
          { ...tool, name: 'a/b' },
        ]),
      ),
    ).toEqual(['a_b', 'a_b_2'])
  })
})
