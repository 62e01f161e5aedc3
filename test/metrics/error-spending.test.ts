import fc from 'fast-check'
import { expect, it } from 'vitest'
import { alphaOfLook } from '../../src/metrics/error-spending.ts'
import { describeVectors, expectClose } from './vectors.ts'

function allLooks(alpha: number, looks: number): readonly number[] {
  return Array.from({ length: looks }, (_, index) => alphaOfLook({ alpha, looks, look: index + 1 }))
}

it('gives one look everything', () => {
  expect(allLooks(0.05, 1)).toEqual([0.05])
})

it('keeps four fifths for the last look', () => {
  expectClose(allLooks(0.05, 2), [0.01, 0.04], 1e-15)
  expectClose(allLooks(0.05, 5), [0.0025, 0.0025, 0.0025, 0.0025, 0.04], 1e-15)
})

it('has nothing left for a look that was not planned', () => {
  expect(alphaOfLook({ alpha: 0.05, looks: 3, look: 4 })).toBe(0)
  expect(alphaOfLook({ alpha: 0.05, looks: 1, look: 2 })).toBe(0)
})

it('spends exactly alpha, and some of it at every look', () => {
  const alphas = fc.double({ min: 1e-6, max: 0.499, noNaN: true })
  fc.assert(
    fc.property(alphas, fc.integer({ min: 1, max: 200 }), (alpha, looks) => {
      const spent = allLooks(alpha, looks)
      expectClose(
        spent.reduce((sum, one) => sum + one, 0),
        alpha,
        1e-13,
      )
      expect(Math.min(...spent)).toBeGreaterThan(0)
      expect(Math.max(...spent)).toBe(spent.at(-1))
    }),
  )
})

describeVectors('80/20 error-budget split', ({ inputs, expected, tolerance }) => {
  const { alpha, looks } = inputs as { alpha: number; looks: number }
  expectClose(allLooks(alpha, looks), expected as number[], tolerance)
})
