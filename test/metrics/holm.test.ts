import fc from 'fast-check'
import { expect, it } from 'vitest'
import { holm } from '../../src/metrics/holm.ts'
import { describeVectors, expectClose, listOf } from './vectors.ts'

it('is R’s p.adjust(p, "holm")', () => {
  expectClose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02], 1e-15)
})

it('leaves one p-value alone, and none', () => {
  expect(holm([0.049])).toEqual([0.049])
  expect(holm([])).toEqual([])
})

it('keeps the order of the p-values, never lowers one, and stays in [0, 1]', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
      const adjusted = holm(pValues)
      const pairs = pValues.map((p, index) => ({ p, adjusted: adjusted[index] ?? Number.NaN }))
      for (const one of pairs) {
        expect(one.adjusted).toBeGreaterThanOrEqual(one.p)
        expect(one.adjusted).toBeLessThanOrEqual(1)
      }
      const ascending = pairs.toSorted((a, b) => a.p - b.p).map((one) => one.adjusted)
      expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
    }),
  )
})

for (const method of ['Holm and Benjamini-Hochberg', 'Holm and BH']) {
  describeVectors(method, ({ inputs, expected, tolerance }) => {
    const { p } = inputs as { p: number | readonly number[] }
    const known = expected as { holm: number | readonly number[] }
    expectClose(holm(listOf(p)), listOf(known.holm), tolerance)
  })
}
