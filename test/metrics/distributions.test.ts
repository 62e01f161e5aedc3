import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  betaCdf,
  betaQuantile,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from '../../src/metrics/distributions.ts'
import { describeVectors, expectClose } from './vectors.ts'

const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })

describe('normal', () => {
  it('knows the tables', () => {
    expectClose(
      [0.95, 0.975, 0.8].map(normalQuantile),
      [1.6448536269514722, 1.959963984540054, 0.8416212335729143],
      1e-14,
    )
    expect(normalCdf(-8) / 6.220960574271785e-16).toBeCloseTo(1, 12)
  })

  it('never gives a probability of 0, and infinities only for certainty', () => {
    expect(normalCdf(-100)).toBeGreaterThan(0)
    expect(normalCdf(100)).toBe(1)
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
  })
})

describe('t', () => {
  it('knows the tables', () => {
    expectClose(tQuantile(0.975, 49), 2.009575237129236, 1e-12)
    expectClose(tQuantile(0.95, 1), 6.313751514675037, 1e-12)
    expectClose(tCdf(-2.7, 49), 0.00474569790642509, 1e-14)
  })

  it('takes degrees of freedom between whole numbers', () => {
    // scipy.stats.t.cdf(1, 5.5), t.cdf(-3, 2.25)
    expectClose(tCdf(1, 5.5), 0.8203733125934398, 1e-13)
    expectClose(tCdf(-3, 2.25), 0.04135300987036061, 1e-13)
  })

  it('is right where cephes itself is silently wrong', () => {
    // scipy.stats.t.ppf(2.02736790e-07, 993109); cephes' stdtri gives −376.66
    expectClose(tQuantile(2.0273679e-7, 993109), -5.0664039434915065, 1e-7)
  })

  it('is symmetric and inverts itself', () => {
    fc.assert(
      fc.property(probability, fc.integer({ min: 1, max: 2000 }), (p, df) => {
        const t = tQuantile(p, df)
        expectClose(tCdf(t, df), p, 1e-9)
        expectClose(tCdf(-t, df) + tCdf(t, df), 1, 1e-12)
      }),
    )
  })

  it('never gives a probability of 0, and infinities only for certainty', () => {
    expect(tCdf(-1e9, 300)).toBeGreaterThan(0)
    expect(tQuantile(0, 5)).toBe(-Infinity)
    expect(tQuantile(1, 5)).toBe(Infinity)
    expectClose(tQuantile(0.5, 5), 0, 1e-15)
  })
})

describe('beta', () => {
  it('knows the tables, far tails included', () => {
    expectClose(betaQuantile(0.95, 1, 300), 0.00993608194445772, 1e-14)
    // scipy.stats.beta.ppf(9.9052428e-26, 900, 1); cephes' incbi gives 1.1e-16
    expectClose(betaQuantile(9.9052428e-26, 900, 1), 0.9380319433560412, 1e-9)
  })

  it('stays in [0, 1] at the ends', () => {
    expect([betaCdf(0, 2, 3), betaCdf(1, 2, 3)]).toEqual([0, 1])
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1])
  })

  it('inverts itself', () => {
    const shape = fc.double({ min: 1, max: 1e4, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), shape, shape, (p, a, b) => {
        expectClose(betaCdf(betaQuantile(p, a, b), a, b), p, 1e-8)
      }),
    )
  })
})

describeVectors('normal quantile', ({ inputs, expected, tolerance }) => {
  const { p } = inputs as { p: readonly number[] }
  expectClose(p.map(normalQuantile), expected as number[], tolerance)
})

describeVectors('normal cdf', ({ inputs, expected, tolerance }) => {
  const { z } = inputs as { z: readonly number[] }
  const relative = z.map((one, index) => normalCdf(one) / ((expected as number[])[index] ?? 0))
  expectClose(
    relative,
    z.map(() => 1),
    tolerance,
  )
})

describeVectors('Student t quantile', ({ inputs, expected, tolerance }) => {
  const { p, df } = inputs as { p: readonly number[]; df: readonly number[] }
  expectClose(
    p.map((one, index) => tQuantile(one, df[index] ?? 0)),
    expected as number[],
    tolerance,
  )
})

describeVectors('Student t cdf', ({ inputs, expected, tolerance }) => {
  const { t, df } = inputs as { t: readonly number[]; df: readonly number[] }
  expectClose(
    t.map((one, index) => tCdf(one, df[index] ?? 0)),
    expected as number[],
    tolerance,
  )
})

describeVectors('beta quantile', ({ inputs, expected, tolerance }) => {
  const { p, a, b } = inputs as Record<'p' | 'a' | 'b', readonly number[]>
  const actual = p.map((one, index) => betaQuantile(one, a[index] ?? 0, b[index] ?? 0))
  expectClose(actual, expected as number[], tolerance)
})

describeVectors('binomial cdf', ({ inputs, expected, tolerance }) => {
  const { k, n, p } = inputs as Record<'k' | 'n' | 'p', readonly number[]>
  const atMost = (index: number): number => {
    const [events = 0, trials = 0, share = 0] = [k[index], n[index], p[index]]
    return betaCdf(1 - share, trials - events, events + 1)
  }
  expectClose(
    k.map((_, index) => atMost(index)),
    expected as number[],
    tolerance,
  )
})
