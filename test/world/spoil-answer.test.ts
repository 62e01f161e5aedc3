import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faults } from '../../src/schema/faults.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { spoilAnswer } from '../../src/world/spoil-answer.ts'
import { json } from './builders.ts'

const answer = {
  id: 'O-1',
  total: 12,
  paid: true,
  gone: null,
  items: [{ sku: 'LAMP-BLUE', id: 7, note: '' }],
  buyer: { name: 'Zoë \u{1f600}\u{1f600}', address: { id: 'A-1', lines: ['Long Street 1'] } },
}

function spoil(value: JsonValue, written: JsonObject): JsonValue {
  const list = faults.parse([{ tool: 'look', ...written }])
  return list.reduce(spoilAnswer, value)
}

describe('spoilAnswer', () => {
  it('truncates every text at any depth, and no pair of surrogates', () => {
    expect(spoil(answer, { fault: 'truncate', characters: 5 })).toEqual({
      ...answer,
      items: [{ sku: 'LAMP-', id: 7, note: '' }],
      buyer: { name: 'Zoë \u{1f600}', address: { id: 'A-1', lines: ['Long '] } },
    })
    expect(spoil('abc', { fault: 'truncate', characters: 0 })).toBe('')
    expect(spoil('a'.repeat(41), { fault: 'truncate' })).toBe('a'.repeat(40))
  })

  it('drops members by name wherever they stand', () => {
    expect(spoil(answer, { fault: 'drop_fields', fields: ['id', 'lines', 'nope'] })).toEqual({
      total: 12,
      paid: true,
      gone: null,
      items: [{ sku: 'LAMP-BLUE', note: '' }],
      buyer: { name: 'Zoë \u{1f600}\u{1f600}', address: {} },
    })
    expect(spoil([{ id: 1 }, 'id'], { fault: 'drop_fields', fields: ['id'] })).toEqual([{}, 'id'])
  })

  it('answers something ambiguous instead', () => {
    const value = [{ id: 'C-1' }, { id: 'C-2' }]
    expect(spoil(answer, { fault: 'ambiguous', value })).toEqual(value)
    expect(spoil(answer, { fault: 'ambiguous', value: null })).toBeNull()
  })

  it('finds nothing: an object keeps its members, each empty', () => {
    expect(spoil(answer, { fault: 'empty' })).toEqual({
      id: '',
      total: null,
      paid: null,
      gone: null,
      items: [],
      buyer: { name: '', address: { id: '', lines: [] } },
    })
    const bare: readonly JsonValue[] = ['text', [1], 7, false, null]
    expect(bare.map((one) => spoil(one, { fault: 'empty' }))).toEqual(['', [], null, null, null])
  })

  it.each(['timeout_before', 'timeout_after', 'error', 'stale'])(
    'has nothing to do for %s',
    (fault) => {
      expect(spoil(answer, { fault })).toBe(answer)
    },
  )

  it('takes a member of any name for a member', () => {
    const odd = json('{"__proto__":"abc","constructor":["abc"]}')
    expect(JSON.stringify(spoil(odd, { fault: 'truncate', characters: 1 }))).toBe(
      '{"__proto__":"a","constructor":["a"]}',
    )
    expect(JSON.stringify(spoil(odd, { fault: 'drop_fields', fields: ['__proto__'] }))).toBe(
      '{"constructor":["abc"]}',
    )
    expect(JSON.stringify(spoil(odd, { fault: 'empty' }))).toBe('{"__proto__":"","constructor":[]}')
  })

  it('never changes the answer that comes in, and does twice what it does once', () => {
    const written = fc.constantFrom<JsonObject>(
      { fault: 'truncate', characters: 2 },
      { fault: 'drop_fields', fields: ['a', 'b'] },
      { fault: 'empty' },
    )
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), written, (value, fault) => {
        const before = JSON.stringify(value)
        const once = spoil(value as JsonValue, fault)
        expect(spoil(once, fault)).toEqual(once)
        expect(JSON.stringify(value)).toBe(before)
      }),
    )
  })
})
