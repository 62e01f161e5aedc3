import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveArguments, resolveWords } from '../../../src/providers/reference/references.ts'
import type { JsonValue } from '../../../src/schema/json.ts'

const results: readonly JsonValue[] = [
  { id: 'O-1', items: [{ sku: 'A' }], 'a-b': 2, none: null },
  'plain',
  0,
]
const resultOf = (number: number): JsonValue | undefined => results[number - 1]

describe('resolveArguments', () => {
  it.each([
    ['$1.id', 'O-1'],
    ['$1.items.0.sku', 'A'],
    ['$1.a-b', 2],
    ['$2', 'plain'],
    ['$3', 0],
    ['$1.none', 'unknown'],
    ['$1.missing', 'unknown'],
    ['$1.id.deeper', 'unknown'],
    ['$9.id', 'unknown'],
    ['$1.constructor', 'unknown'],
    ['$1.__proto__', 'unknown'],
    ['$1.items.length', 'unknown'],
    ['price: $1.id', 'price: $1.id'],
    ['$', '$'],
    ['$5.00 off', '$5.00 off'],
  ])('%s becomes %j', (text, value) => {
    expect(resolveArguments({ a: text, b: [{ c: text }] }, resultOf)).toEqual({
      a: value,
      b: [{ c: value }],
    })
  })

  it('leaves everything else as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        fc.pre(!JSON.stringify(args).includes('$'))
        const given = args as Record<string, JsonValue>
        expect(JSON.stringify(resolveArguments(given, resultOf))).toBe(JSON.stringify(args))
      }),
    )
  })
})

describe('resolveWords', () => {
  it('puts results into words', () => {
    expect(resolveWords('{$1.id}: {$1.items}, {$3}; {$4} {x} $1.id', resultOf)).toBe(
      'O-1: [{"sku":"A"}], 0; unknown {x} $1.id',
    )
  })
})
