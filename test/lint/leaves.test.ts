import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leavesOf, withLeaf } from '../../src/lint/leaves.ts'
import type { JsonObject } from '../../src/schema/json.ts'

const args: JsonObject = {
  id: 'O-1',
  address: { city: 'Rome', floors: [1, 2] },
  gift: true,
  note: null,
}

describe('leavesOf', () => {
  it('finds every value that holds no other, with its schema', () => {
    const schema = {
      properties: {
        id: { type: 'string' },
        address: { properties: { floors: { items: { type: 'integer' } } } },
      },
    }
    expect(leavesOf(args, schema)).toEqual([
      { path: ['id'], value: 'O-1', schema: { type: 'string' } },
      { path: ['address', 'city'], value: 'Rome', schema: {} },
      { path: ['address', 'floors', '0'], value: 1, schema: { type: 'integer' } },
      { path: ['address', 'floors', '1'], value: 2, schema: { type: 'integer' } },
      { path: ['gift'], value: true, schema: {} },
    ])
  })
})

describe('withLeaf', () => {
  it('changes one value and shares the rest', () => {
    const changed = withLeaf(args, ['address', 'floors', '1'], 9)
    expect(changed).toEqual({ ...args, address: { city: 'Rome', floors: [1, 9] } })
    expect(args['address']).toEqual({ city: 'Rome', floors: [1, 2] })
  })

  it('adds what is not there yet', () => {
    expect(withLeaf({}, ['id'], 'O-1')).toEqual({ id: 'O-1' })
  })

  it('gives back the same arguments for the value that stood there', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (object) => {
        const json = object as JsonObject
        for (const { path, value } of leavesOf(json, undefined)) {
          expect(withLeaf(json, path, value)).toEqual(json)
        }
      }),
    )
  })
})
