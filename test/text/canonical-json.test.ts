import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/schema/json.ts'
import { canonicalJson, prettyCanonicalJson } from '../../src/text/canonical-json.ts'

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>

describe('canonicalJson', () => {
  it('sorts keys by code unit, at every depth, and writes no white space', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 'x y' }], a: null, B: true })).toBe(
      '{"B":true,"a":null,"b":[{"c":"x y","d":1}]}',
    )
  })

  it('sorts whole numbers as text, which an object would not', () => {
    expect(canonicalJson({ 9: 0, 10: 0, a: 0 })).toBe('{"10":0,"9":0,"a":0}')
  })

  it('orders keys outside the basic plane by code unit (RFC 8785, 3.2.3)', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    expect(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))).toBe(
      '{"\\r":0,"1":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\u{1f600}":0,"\ufb33":0}',
    )
  })

  it('leaves out undefined members and writes -0 as 0', () => {
    const value = { a: undefined, b: -0 } as unknown as JsonValue
    expect(canonicalJson(value)).toBe('{"b":0}')
  })

  it('keeps a key named __proto__', () => {
    const text = '{"__proto__":{"a":1}}'
    expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text)
  })

  it.each([[NaN], [Infinity], [{ a: [-Infinity] }], [[undefined]], [[, 1]], [undefined]])(
    'throws for %j, which has no JSON form',
    (value) => {
      expect(() => canonicalJson(value as JsonValue)).toThrow(TypeError)
      expect(() => prettyCanonicalJson(value as JsonValue)).toThrow(TypeError)
    },
  )

  it('parses back to the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('does not depend on the order of insertion', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(object))
      }),
    )
  })

  it('writes any string as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(canonicalJson(text)).toBe(JSON.stringify(text))
      }),
    )
  })
})

describe('prettyCanonicalJson', () => {
  it('indents by two spaces and ends in a newline', () => {
    expect(prettyCanonicalJson({ b: [1, { c: [] }], a: {} })).toBe(
      '{\n  "a": {},\n  "b": [\n    1,\n    {\n      "c": []\n    }\n  ]\n}\n',
    )
  })

  it('shows what has no ink as its escape, to be the same value', () => {
    const text = 'a\u009b31m\u202eb\u200bc\u2028d\u{e0061}\u007f'
    const written = prettyCanonicalJson({ [text]: text })
    expect(written).toBe(
      '{\n  "a\\u009b31m\\u202eb\\u200bc\\u2028d\\udb40\\udc61\\u007f": "a\\u009b31m\\u202eb\\u200bc\\u2028d\\udb40\\udc61\\u007f"\n}\n',
    )
    expect(JSON.parse(written)).toEqual({ [text]: text })
    expect(prettyCanonicalJson('Grüße \u2764\ufe0f')).toBe('"Grüße \u2764\ufe0f"\n')
  })

  it('is the same value, and looks like JSON.stringify where its keys were sorted', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = prettyCanonicalJson(value)
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(canonicalJson(value))
        expect(prettyCanonicalJson([value, 'x']).split('\n')).toHaveLength(
          JSON.stringify([value, 'x'], null, 2).split('\n').length + 1,
        )
      }),
    )
  })
})
