import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tCdf } from '../../src/metrics/distributions.ts'
import { logRatio, type MeasuredRatio } from '../../src/metrics/log-ratio.ts'
import { describeVectors, expectClose } from './vectors.ts'

function measured(differences: readonly number[], alpha: number): MeasuredRatio {
  const result = logRatio(differences, alpha)
  if (result?.status !== 'measured') throw new Error(`not measured: ${JSON.stringify(result)}`)
  return result
}

it('is Student’s paired t test (1908, sleep data; R: t.test(extra ~ group, paired = TRUE))', () => {
  const more = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]
  const { ratio, lower, upper, p, standardError, cases } = measured(more, 0.025)
  expectClose([ratio, lower, upper].map(Math.log), [1.58, 0.7001142, 2.4598858], 1e-7)
  expectClose([p, 1.58 / standardError], [0.002832890197384256 / 2, 4.062127683382037], 1e-12)
  expect(cases).toBe(10)
})

describe('without an interval', () => {
  it('has nothing to say about no cases', () => {
    expect(logRatio([], 0.05)).toBeUndefined()
  })

  it('still gives the ratio of few cases', () => {
    expect(logRatio([Math.log(2)], 0.05)).toEqual({
      status: 'no-interval',
      reason: 'few-cases',
      ratio: 2,
      cases: 1,
      signP: 0.5,
    })
    expect(logRatio([0.1, 0.2, 0.3, 0.4], 0.05)).toMatchObject({ reason: 'few-cases', cases: 4 })
  })

  it('still gives the ratio when all cases changed alike, up to rounding', () => {
    const alike = [1, 3, 7, 11, 13, 0.1].map((cost) => Math.log(cost * 1.1) - Math.log(cost))
    expect(new Set(alike).size).toBeGreaterThan(1)
    const result = logRatio(alike, 0.05)
    expect(result).toMatchObject({ status: 'no-interval', reason: 'equal-differences', cases: 6 })
    expectClose(result?.ratio, 1.1, 1e-12)
    // Six signs alike: 1/2^6, the sign test.
    expect(result).toMatchObject({ signP: 1 / 64 })
    const equal = logRatio([0, 0, 0, 0, 0], 0.05)
    expect(equal).toMatchObject({ reason: 'equal-differences', ratio: 1, signP: 1 })
  })
})

describe('the sign test beside it', () => {
  const signP = (differences: readonly number[]): number | undefined => {
    const result = logRatio(differences, 0.05)
    return result?.status === 'no-interval' ? result.signP : undefined
  }

  it('says how rare it is that every case needs more', () => {
    expect([1, 2, 3, 4].map((cases) => signP(Array.from({ length: cases }, () => 0.7)))).toEqual([
      1 / 2,
      1 / 4,
      1 / 8,
      1 / 16,
    ])
  })

  it('says nothing where a single case does not', () => {
    expect(signP([0.7, 0.7, -0.1])).toBe(1)
    expect(signP([0.7, 0.7, 0])).toBe(1)
    // The last bits of an equal price are no rise.
    expect(signP([0.7, 0.7, 1e-12])).toBe(1)
    expect(signP([-0.7, -0.7])).toBe(1)
  })

  it('is never 0', () => {
    expect(signP(Array.from({ length: 2000 }, () => 0.7))).toBe(Number.MIN_VALUE)
  })

  it('is not needed where costs spread', () => {
    expect(signP([0.1, 0.2, 0.3, 0.4, 0.5])).toBeUndefined()
  })
})

it('contains the ratio, has p in (0, 1], and turns over when the arms trade names', () => {
  const anyDifferences = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
    minLength: 5,
    maxLength: 40,
  })
  fc.assert(
    fc.property(anyDifferences, (differences) => {
      fc.pre(logRatio(differences, 0.05)?.status === 'measured')
      const { ratio, lower, upper, p } = measured(differences, 0.05)
      expect(lower).toBeGreaterThan(0)
      expect(lower).toBeLessThan(ratio)
      expect(ratio).toBeLessThan(upper)
      expect(p).toBeGreaterThan(0)
      expect(p).toBeLessThanOrEqual(1)
      const mirrored = measured(
        differences.map((one) => -one),
        0.05,
      )
      expectClose([mirrored.ratio * ratio, mirrored.lower * upper, mirrored.p + p], [1, 1, 1], 1e-9)
    }),
  )
})

describeVectors('typical cost ratio', ({ inputs, expected, tolerance }) => {
  type Amounts = readonly (readonly number[])[]
  const { baseline, candidate, conf, margin_ratio } = inputs as {
    baseline: Amounts
    candidate: Amounts
    conf: number
    margin_ratio: number
  }
  const known = expected as {
    ratio: number
    ci: [number, number]
    p_higher: number
    p_noninferior: number
  }
  const meanLogs = (amounts: Amounts): readonly number[] =>
    amounts.map((trials) => trials.reduce((sum, one) => sum + Math.log(one), 0) / trials.length)
  const before = meanLogs(baseline)
  const differences = meanLogs(candidate).map((after, index) => after - (before[index] ?? 0))
  const { ratio, lower, upper, p, standardError, cases } = measured(differences, (1 - conf) / 2)
  expectClose([ratio, lower, upper, p], [known.ratio, ...known.ci, known.p_higher], tolerance)
  const toMargin = (Math.log(ratio) - Math.log(margin_ratio)) / standardError
  expectClose(tCdf(toMargin, cases - 1), known.p_noninferior, tolerance)
})

describeVectors('paired t over per-case differences', ({ inputs, expected, tolerance }) => {
  const { d, conf } = inputs as { d: readonly number[]; conf: number }
  const known = expected as {
    mean: number
    se: number
    df: number
    ci: [number, number]
    p_one_sided_less: number
  }
  const { ratio, lower, upper, standardError, cases } = measured(d, (1 - conf) / 2)
  expectClose([ratio, lower, upper].map(Math.log), [known.mean, ...known.ci], tolerance)
  expectClose([standardError, cases - 1], [known.se, known.df], tolerance)
  expectClose(
    measured(
      d.map((one) => -one),
      0.05,
    ).p,
    known.p_one_sided_less,
    tolerance,
  )
})
