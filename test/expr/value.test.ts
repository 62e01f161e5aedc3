import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromExprValue, type Json, toExprValue } from '../../src/expr/value.ts'

const json = fc.jsonValue({ depthSize: 'medium' }) as fc.Arbitrary<Json>

describe('toExprValue', () => {
  it('makes whole numbers integers and leaves fractions and what is beyond 2^53', () => {
    expect(toExprValue([40, 40.5, -3, 2 ** 53 - 1, 2 ** 53])).toEqual([
      40n,
      40.5,
      -3n,
      9007199254740991n,
      2 ** 53,
    ])
  })

  it('makes objects Maps, at any depth', () => {
    expect(toExprValue({ a: { b: [null, { c: true }] } })).toEqual(
      new Map([['a', new Map([['b', [null, new Map([['c', true]])]]])]]),
    )
  })

  it('takes `__proto__` and `constructor` for keys like any other', () => {
    const hostile = JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as Json
    const value = toExprValue(hostile) as ReadonlyMap<string, unknown>
    expect([...value.keys()]).toEqual(['__proto__', 'constructor'])
    expect(JSON.stringify(fromExprValue(toExprValue(hostile)))).toBe(JSON.stringify(hostile))
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('goes there and back without loss', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.stringify(fromExprValue(toExprValue(value)))).toBe(JSON.stringify(value))
      }),
    )
  })

  it('has one image for each value, so that a state survives a trace', () => {
    fc.assert(
      fc.property(json, (value) => {
        const image = toExprValue(value)
        expect(toExprValue(fromExprValue(image))).toEqual(image)
      }),
    )
  })
})
