import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lowerTail, negligible } from '../../src/metrics/count-distribution.ts'
import { hypergeometric } from '../../src/metrics/hypergeometric.ts'
import { describeVectors, expectClose } from './vectors.ts'

it('is C(3,a)·C(3,3−a)/C(6,3) for three events dealt to two arms of three', () => {
  const { lowest, weights, lost } = hypergeometric(3, 3, 6)
  expect([lowest, lost]).toEqual([0, 0])
  expectClose([...weights], [1 / 20, 9 / 20, 9 / 20, 1 / 20], 1e-15)
})

it('has one possible count when nothing can differ', () => {
  expect(hypergeometric(0, 3, 6)).toMatchObject({ lowest: 0, weights: Float64Array.of(1) })
  expect(hypergeometric(6, 2, 6)).toMatchObject({ lowest: 2, weights: Float64Array.of(1) })
  expect(hypergeometric(4, 0, 6)).toMatchObject({ lowest: 0, weights: Float64Array.of(1) })
})

it('has the mean and variance of dealing without replacement', () => {
  const whole = fc.integer({ min: 1, max: 300 })
  fc.assert(
    fc.property(whole, whole, fc.nat(), (drawn, others, seed) => {
      const total = drawn + others
      const events = seed % (total + 1)
      const { lowest, weights } = hypergeometric(events, drawn, total)
      const share = events / total
      const mean = weights.reduce((sum, weight, index) => sum + weight * (lowest + index), 0)
      const variance = weights.reduce(
        (sum, weight, index) => sum + weight * (lowest + index - mean) ** 2,
        0,
      )
      expectClose(mean, drawn * share, 1e-9)
      expectClose(variance, (drawn * share * (1 - share) * others) / (total - 1), 1e-7)
    }),
  )
})

it('says what it cut off, and is finite with a million trials', () => {
  const { weights, lost } = hypergeometric(500_000, 500_000, 1_000_000)
  expect(weights.length).toBeLessThan(20_000)
  expect(Math.min(...weights)).toBeGreaterThanOrEqual(negligible / 1e4)
  expect(lost).toBeGreaterThan(0)
  expect(lost).toBeLessThan(1e-33)
  expectClose(lowerTail(hypergeometric(500_000, 500_000, 1_000_000), 249_999), 0.5, 1e-2)
})

describeVectors('hypergeometric pmf', ({ inputs, expected, tolerance }) => {
  const { a, s, mB, mC } = inputs as { a: readonly number[]; s: number; mB: number; mC: number }
  const { lowest, weights } = hypergeometric(s, mC, mB + mC)
  expectClose(
    a.map((one) => weights[one - lowest] ?? 0),
    expected as number[],
    tolerance,
  )
})
