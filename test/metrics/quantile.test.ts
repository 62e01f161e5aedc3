import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quantile } from '../../src/metrics/quantile.ts'
import { describeVectors, expectClose, listOf } from './vectors.ts'

it('is linear between neighbours, as in R and numpy', () => {
  expectClose(
    [0, 0.1, 0.25, 0.5, 0.95, 1].map((share) => quantile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], share)),
    [1, 1, 2.25, 3.5, 7.65, 9],
    1e-12,
  )
})

it('is undefined for no values, and the value for one', () => {
  expect(quantile([], 0.95)).toBeUndefined()
  expect(quantile([7.5], 0.95)).toBe(7.5)
})

it('leaves its input alone and stays inside it', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, share) => {
      const before = [...sample]
      const value = quantile(sample, share) ?? Number.NaN
      expect(sample).toEqual(before)
      expect(value).toBeGreaterThanOrEqual(Math.min(...sample))
      expect(value).toBeLessThanOrEqual(Math.max(...sample))
      expectClose(
        quantile(
          sample.toSorted((a, b) => a - b),
          share,
        ),
        value,
        0,
      )
    }),
  )
})

for (const method of ['quantile type 7', 'type 7 p95', 'quantile of one value']) {
  describeVectors(method, ({ inputs, expected, tolerance }) => {
    const { x, p } = inputs as Record<'x' | 'p', number | readonly number[]>
    const actual = listOf(p).map((share) => quantile(listOf(x), share))
    expectClose(actual, listOf(expected as number | readonly number[]), tolerance)
  })
}
