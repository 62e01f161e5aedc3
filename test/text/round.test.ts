import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundTo } from '../../src/text/round.ts'

describe('roundTo', () => {
  it.each([
    [0.1 + 0.2, 4, 0.3],
    [2.5, 0, 3],
    [-2.5, 0, -3],
    [1.005, 2, 1],
    [1e21, 2, 1e21],
    [123.456, 1, 123.5],
  ])('roundTo(%d, %d) is %d', (value, digits, expected) => {
    expect(roundTo(value, digits)).toBe(expected)
  })

  it('never returns -0', () => {
    expect(roundTo(-0.001, 2)).toBe(0)
    expect(roundTo(-0, 2)).toBe(0)
  })

  it('rounding twice changes nothing', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(roundTo(roundTo(value, 4), 4)).toBe(roundTo(value, 4))
      }),
    )
  })
})
