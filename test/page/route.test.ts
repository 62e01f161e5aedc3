import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outerRoute, parseRoute, routeHash } from '../../src/page/route.ts'

describe('addresses', () => {
  test('name a case, a trial and a second one', () => {
    const route = { case: 'refund[a&b]', trial: 'c#2', with: 'b 2', step: '7' }
    expect(parseRoute(routeHash(route))).toEqual(route)
  })

  test.each(['', '#', '#cases', '#case=', '#nothing=1'])('%j is the overview', (hash) => {
    expect(parseRoute(hash)).toEqual({})
  })

  test('any route survives the way through an address', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' })
    fc.assert(
      fc.property(fc.record({ case: text, trial: text, with: text }), (route) => {
        expect(parseRoute(routeHash(route))).toEqual(route)
      }),
    )
  })
})

describe('one step back', () => {
  test('leads from two trials to one, to the case, to the overview', () => {
    const two = { case: 'a', trial: 'c2', with: 'b2', step: '3' }
    expect(outerRoute(two)).toEqual({ case: 'a', trial: 'c2' })
    expect(outerRoute({ case: 'a', trial: 'c2' })).toEqual({ case: 'a' })
    expect(outerRoute({ case: 'a' })).toEqual({})
  })
})
