import { describe, expect, it } from 'vitest'
import { cohenKappa } from '../../src/metrics/cohen-kappa.ts'
import { gwetAc1 } from '../../src/metrics/gwet-ac1.ts'
import { describeVectors, expectClose } from './vectors.ts'

describe('known answers', () => {
  it('stays high where kappa says that raters disagree (Gwet 2008: 0.9408 and −0.0234)', () => {
    const table = [
      [118, 5],
      [2, 0],
    ]
    expectClose([gwetAc1(table)?.value, cohenKappa(table)?.value], [0.9408, -0.0234], 5e-5)
  })

  it('has the interval of R’s irrCAC', () => {
    const found = gwetAc1([
      [90, 4],
      [3, 3],
    ])
    expectClose(
      [found?.value, found?.standardError, found?.interval?.lower, found?.interval?.upper],
      [0.920314189766065, 0.0310455371539196, 0.858713108674152, 0.981915270857978],
      1e-9,
    )
  })
})

it('is 1 when only one label was given, where kappa has nothing to say', () => {
  expect(
    gwetAc1([
      [12, 0],
      [0, 0],
    ]),
  ).toEqual({ value: 1, standardError: 0 })
})

it('has nothing to say when only one label exists', () => {
  expect(gwetAc1([[12]])).toBeUndefined()
})

it('has no interval for one item', () => {
  expect(
    gwetAc1([
      [0, 1],
      [0, 0],
    ]),
  ).toEqual({ value: -1, standardError: 0 })
})

it('is closer to the raw agreement the more labels there were to choose from', () => {
  const two = gwetAc1([
    [40, 5],
    [8, 47],
  ])
  const three = gwetAc1([
    [40, 5, 0],
    [8, 47, 0],
    [0, 0, 0],
  ])
  // With shares 0.465 and 0.535, chance agreement is 0.49755 of two labels and half of it of three.
  expectClose([two?.value, three?.value], [0.7412678, (0.87 - 0.248775) / (1 - 0.248775)], 1e-7)
})

describeVectors('Gwet AC1', ({ inputs, expected, tolerance }) => {
  const { table, conf } = inputs as { table: number[][]; conf: number }
  const known = expected as { ac1: number; se: number; ci: readonly number[] }
  const found = gwetAc1(table, (1 - conf) / 2)
  expectClose([found?.value, found?.standardError], [known.ac1, known.se], tolerance)
  expectClose([found?.interval?.lower, found?.interval?.upper], known.ci, tolerance)
})
