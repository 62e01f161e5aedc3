import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toExprValue } from '../../src/expr/value.ts'
import { formatPointer, parsePointer, readPointer } from '../../src/world/pointer.ts'
import { json } from './builders.ts'

describe('a pointer', () => {
  it('goes back and forth, whatever the keys', () => {
    expect(parsePointer('/a~1b/m~0n/0/')).toEqual(['a/b', 'm~n', '0', ''])
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (steps) => {
        expect(parsePointer(formatPointer(steps))).toEqual(steps)
      }),
    )
  })

  it('reads the example of RFC 6901', () => {
    const state = toExprValue({ foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, ' ': 7 })
    expect(readPointer(state, '')).toBe(state)
    expect(readPointer(state, '/foo/0')).toBe('bar')
    expect(readPointer(state, '/')).toBe(0n)
    expect(readPointer(state, '/a~1b')).toBe(1n)
    expect(readPointer(state, '/c%d')).toBe(2n)
    expect(readPointer(state, '/m~0n')).toBe(8n)
    expect(readPointer(state, '/ ')).toBe(7n)
  })

  it.each([
    '/foo/2',
    '/foo/01',
    '/foo/-',
    '/foo/-1',
    '/foo/length',
    '/bar',
    '/foo/0/0',
    '/__proto__',
  ])('finds nothing at %s', (pointer) => {
    expect(readPointer(toExprValue({ foo: ['bar', 'baz'] }), pointer)).toBeUndefined()
  })

  it('finds a key called __proto__ where there is one', () => {
    expect(readPointer(toExprValue(json('{"__proto__": {"a": 1}}')), '/__proto__/a')).toBe(1n)
  })
})
