import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AmountPair, type MeasuredMeanRatio, meanRatio } from '../../src/metrics/mean-ratio.ts'
import { describeVectors, expectClose } from './vectors.ts'

function measured(amounts: readonly AmountPair[], alpha = 0.05): MeasuredMeanRatio {
  const result = meanRatio(amounts, alpha)
  if (result?.status !== 'measured') throw new Error(`not measured: ${JSON.stringify(result)}`)
  return result
}

function paired(baseline: readonly number[], candidate: readonly number[]): readonly AmountPair[] {
  return baseline.map((amount, index) => ({ baseline: amount, candidate: candidate[index] ?? 0 }))
}

it('shows what one runaway does to the bill', () => {
  // candidate/mean − baseline/mean is −½ four times and 2: standard error ½; R: qt(0.95, 4).
  const { ratio, lower, upper, standardError, cases } = measured(
    paired([1, 1, 1, 1, 1], [1, 1, 1, 1, 6]),
  )
  const reach = 2.13184678632665 / 2
  expect(ratio).toBe(2)
  expect(cases).toBe(5)
  expectClose(standardError, 0.5, 1e-15)
  expectClose([lower, upper], [2 * Math.exp(-reach), 2 * Math.exp(reach)], 1e-9)
})

describe('without an interval', () => {
  it('has nothing to say about no cases, or about a baseline that cost nothing', () => {
    expect(meanRatio([], 0.05)).toBeUndefined()
    expect(meanRatio(paired([0, 0, 0, 0, 0], [1, 1, 1, 1, 1]), 0.05)).toBeUndefined()
    expect(meanRatio(paired([0, 0], [0, 0]), 0.05)).toBeUndefined()
  })

  it('still gives the ratio of few cases', () => {
    expect(meanRatio(paired([1, 2, 3, 4], [2, 3, 4, 1]), 0.05)).toEqual({
      status: 'no-interval',
      reason: 'few-cases',
      ratio: 1,
      cases: 4,
    })
  })

  it('still gives the ratio when all cases changed alike, up to rounding', () => {
    const baseline = [1, 3, 7, 11, 13, 0.1]
    const result = meanRatio(
      paired(
        baseline,
        baseline.map((cost) => cost * 1.1),
      ),
      0.05,
    )
    expect(result).toMatchObject({ status: 'no-interval', reason: 'equal-ratios', cases: 6 })
    expectClose(result?.ratio, 1.1, 1e-12)
  })

  it('has no logarithm of a candidate that cost nothing', () => {
    expect(meanRatio(paired([1, 2, 3, 4, 5], [0, 0, 0, 0, 0]), 0.05)).toEqual({
      status: 'no-interval',
      reason: 'nothing-spent',
      ratio: 0,
      cases: 5,
    })
  })
})

const anyAmounts = fc.array(
  fc.record({
    baseline: fc.double({ min: 1e-6, max: 100, noNaN: true }),
    candidate: fc.double({ min: 0.001, max: 100, noNaN: true }),
  }),
  { minLength: 5, maxLength: 40 },
)

it('contains the ratio, and turns over when the arms trade names', () => {
  fc.assert(
    fc.property(anyAmounts, (amounts) => {
      fc.pre(meanRatio(amounts, 0.05)?.status === 'measured')
      const { ratio, lower, upper } = measured(amounts)
      expect(lower).toBeGreaterThan(0)
      expect(lower).toBeLessThan(ratio)
      expect(ratio).toBeLessThan(upper)
      const mirrored = measured(
        amounts.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline })),
      )
      expectClose(
        [mirrored.ratio * ratio, mirrored.lower * upper, mirrored.upper * lower],
        [1, 1, 1],
        1e-9,
      )
    }),
  )
})

it('depends neither on the order of the cases nor on the currency', () => {
  fc.assert(
    fc.property(anyAmounts, (amounts) => {
      fc.pre(meanRatio(amounts, 0.05)?.status === 'measured')
      const { ratio, lower, upper } = measured(amounts)
      const elsewhere = measured(
        amounts
          .map(({ baseline, candidate }) => ({
            baseline: baseline * 1e9,
            candidate: candidate * 1e9,
          }))
          .reverse(),
      )
      expectClose(
        [elsewhere.ratio / ratio, elsewhere.lower / lower, elsewhere.upper / upper],
        [1, 1, 1],
        1e-9,
      )
    }),
  )
})

describeVectors('ratio of mean case cost', ({ inputs, expected, tolerance }) => {
  const { baseline, candidate, conf } = inputs as {
    baseline: readonly number[]
    candidate: readonly number[]
    conf: number
  }
  const known = expected as { ratio: number; ci: readonly number[] }
  const { ratio, lower, upper } = measured(paired(baseline, candidate), (1 - conf) / 2)
  expectClose([ratio, lower, upper], [known.ratio, ...known.ci], tolerance)
})
