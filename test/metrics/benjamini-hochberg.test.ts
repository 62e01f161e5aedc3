import fc from 'fast-check'
import { expect, it } from 'vitest'
import { benjaminiHochberg } from '../../src/metrics/benjamini-hochberg.ts'
import { holm } from '../../src/metrics/holm.ts'
import { describeVectors, expectClose, listOf } from './vectors.ts'

const anyPValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 })

it('is R’s p.adjust(p, "BH")', () => {
  expectClose(
    benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.9]),
    [0.025, 0.05, 0.05, 0.025, 0.9],
    1e-15,
  )
})

it('leaves one p-value alone, and none', () => {
  expect(benjaminiHochberg([0.049])).toEqual([0.049])
  expect(benjaminiHochberg([])).toEqual([])
})

it('keeps the order of the p-values, never lowers one, and is never stricter than Holm', () => {
  fc.assert(
    fc.property(anyPValues, (pValues) => {
      const adjusted = benjaminiHochberg(pValues)
      const strict = holm(pValues)
      for (const [index, p] of pValues.entries()) {
        expect(adjusted[index]).toBeGreaterThanOrEqual(p)
        expect(adjusted[index]).toBeLessThanOrEqual(strict[index]! * (1 + 1e-12))
      }
      const ascending = pValues
        .map((p, index) => ({ p, adjusted: adjusted[index]! }))
        .toSorted((a, b) => a.p - b.p)
        .map((one) => one.adjusted)
      expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
    }),
  )
})

it('does not depend on the order of the p-values', () => {
  fc.assert(
    fc.property(anyPValues, (pValues) => {
      expect(benjaminiHochberg(pValues.toReversed()).toReversed()).toEqual(
        benjaminiHochberg(pValues),
      )
    }),
  )
})

it('is the smallest share of false entries of any list that has the look on it', () => {
  fc.assert(
    fc.property(anyPValues, (pValues) => {
      const byDefinition = pValues.map((p) =>
        Math.min(
          1,
          ...pValues
            .filter((cut) => cut >= p)
            .map((cut) => (cut * pValues.length) / pValues.filter((one) => one <= cut).length),
        ),
      )
      expectClose(benjaminiHochberg(pValues), byDefinition, 1e-12)
    }),
  )
})

for (const method of ['Holm and Benjamini-Hochberg', 'Holm and BH']) {
  describeVectors(method, ({ inputs, expected, tolerance }) => {
    const { p } = inputs as { p: number | readonly number[] }
    const known = expected as { bh: number | readonly number[] }
    expectClose(benjaminiHochberg(listOf(p)), listOf(known.bh), tolerance)
  })
}
