import { describe, expect, it } from 'vitest'
import { cohenKappa } from '../../src/metrics/cohen-kappa.ts'
import { describeVectors, expectClose } from './vectors.ts'

describe('known answers', () => {
  it('is 0.4 for a judge and a human that agree on 35 of 50', () => {
    // Agreement 0.7, by chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
    const found = cohenKappa([
      [20, 5],
      [10, 15],
    ])
    expectClose(found?.value, 0.4, 1e-12)
  })

  it('is 0 for independent raters and −1 for opposite ones', () => {
    const independent = cohenKappa([
      [8, 2],
      [32, 8],
    ])
    expectClose(independent?.value, 0, 1e-12)
    expect(
      cohenKappa([
        [0, 5],
        [5, 0],
      ]),
    ).toEqual({ value: -1, standardError: 0 })
  })

  it('collapses when one label is rare, unlike the agreement of 93 %', () => {
    // R: vcd::Kappa
    const found = cohenKappa([
      [90, 4],
      [3, 3],
    ])
    expectClose(
      [found?.value, found?.standardError, found?.interval?.lower, found?.interval?.upper],
      [0.424342105263159, 0.179160681349143, 0.0731936223731821, 0.775490588153135],
      1e-9,
    )
  })

  it('takes an interval of another width', () => {
    const found = cohenKappa(
      [
        [40, 5],
        [8, 47],
      ],
      0.05,
    )
    const reach = 1.6448536269514722 * 0.0673981304847341
    expectClose(
      [found?.interval?.lower, found?.interval?.upper],
      [0.738955823293173 - reach, 0.738955823293173 + reach],
      1e-9,
    )
  })
})

it.each([
  [[[12]]],
  [
    [
      [12, 0],
      [0, 0],
    ],
  ],
  [
    [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 3],
    ],
  ],
])('cannot tell agreement from chance when there is only one label: %j', (table) => {
  expect(cohenKappa(table)).toBeUndefined()
})

it('is 0 when one rater knows only one label', () => {
  const found = cohenKappa([
    [12, 7],
    [0, 0],
  ])
  expectClose(found?.value, 0, 1e-12)
})

it('keeps its digits when one label is one in a trillion', () => {
  const found = cohenKappa([
    [1e12, 0],
    [0, 1],
  ])
  expectClose(found?.value, 1, 1e-12)
})

for (const method of ["Cohen's kappa", 'Cohen kappa']) {
  describeVectors(method, ({ inputs, expected, tolerance }) => {
    const { table, conf = 0.95 } = inputs as { table: number[][]; conf?: number }
    const known = expected as { kappa: number; se: number; ci: readonly number[] }
    const found = cohenKappa(table, (1 - conf) / 2)
    expectClose([found?.value, found?.standardError], [known.kappa, known.se], tolerance)
    expectClose([found?.interval?.lower, found?.interval?.upper], known.ci, tolerance)
  })
}
