import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusteredError } from '../../src/metrics/clustered-error.ts'
import { meanCost } from '../../src/metrics/mean-cost.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { expectClose } from './vectors.ts'

type Cost = Pick<CaseStats, 'costUsd'>

/** Cases by the cost of each of their trials. */
function costs(...cases: readonly (readonly number[])[]): readonly Cost[] {
  return cases.map((trials) => ({
    costUsd: { n: trials.length, sum: trials.reduce((sum, usd) => sum + usd, 0) },
  }))
}

describe('the mean cost per trial', () => {
  it('is over trials, with a bound over cases', () => {
    // 0.60, 0.62, 0.64: SE = 0.02/√3; t with 2 degrees of freedom at 95 % is 2.919986 (R: qt).
    const found = meanCost(costs([0.6], [0.62], [0.64]), 0.05)
    expectClose(
      [found?.mean, found?.lower],
      [0.62, 0.62 - (2.91998558 * 0.02) / Math.sqrt(3)],
      1e-8,
    )
    expect(found).toMatchObject({ trials: 3, cases: 3 })
  })

  it('weighs trials, not cases', () => {
    expect(meanCost(costs([1], [4, 4, 4]), 0.05)?.mean).toBe(3.25)
  })

  it('does not take more trials of the same cases for more evidence', () => {
    const once = meanCost(costs([0.6], [0.62], [0.64]), 0.05)
    const often = meanCost(
      costs(...[0.6, 0.62, 0.64].map((usd) => Array.from({ length: 100 }, () => usd))),
      0.05,
    )
    expectClose(often?.lower, once?.lower ?? 0, 1e-12)
  })

  it('leaves out trials of unknown cost', () => {
    const some = [...costs([1], [2]), {}, { costUsd: { n: 0, sum: 0 } }]
    expect(meanCost(some, 0.05)).toMatchObject({ mean: 1.5, trials: 2, cases: 2 })
    expect(meanCost([{}, {}], 0.05)).toBeUndefined()
    expect(meanCost([], 0.05)).toBeUndefined()
  })

  it('has no bound from one case, however often it was tried', () => {
    expect(meanCost(costs([1, 2, 3]), 0.05)).toEqual({ mean: 2, trials: 3, cases: 1 })
  })

  it('has one from equal cases only when so many alike are rarer than alpha', () => {
    const alike = (cases: number): readonly Cost[] =>
      costs(...Array.from({ length: cases }, () => [0.1, 0.2]))
    expect(meanCost(alike(4), 0.05)?.lower).toBeUndefined()
    // 1 in 32 and 1 in 64.
    expectClose(meanCost(alike(5), 0.05)?.lower, 0.15, 1e-12)
    expect(meanCost(alike(6), 0.01)?.lower).toBeUndefined()
    expect(meanCost(alike(7), 0.01)?.lower).toBeCloseTo(0.15, 12)
  })

  it('is never bounded below nothing', () => {
    expect(meanCost(costs([0], [0.01], [9]), 0.05)?.lower).toBe(0)
    expect(meanCost(costs([0], [0], [0], [0], [0]), 0.05)).toMatchObject({ mean: 0, lower: 0 })
  })
})

const anyCosts = fc.array(
  fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 }),
  { minLength: 2, maxLength: 12 },
)

it('has the standard error of a mean over clusters of trials', () => {
  fc.assert(
    fc.property(anyCosts, (cases) => {
      const values = cases.flatMap((trials, index) =>
        trials.map((value) => ({ value, cluster: `c${index}` })),
      )
      const known = clusteredError(values, 0.05)
      if (known?.status !== 'measured') return
      const found = meanCost(costs(...cases), 0.05)
      expectClose([found?.mean, found?.lower], [known.mean, Math.max(0, known.lower)], 1e-9)
    }),
  )
})

it('does not depend on the order of the cases, and gives finite numbers', () => {
  fc.assert(
    fc.property(anyCosts, (cases) => {
      const there = meanCost(costs(...cases), 0.05)
      const back = meanCost(costs(...cases.toReversed()), 0.05)
      expectClose(back?.mean, there?.mean ?? 0, 1e-12)
      expect(Number.isFinite(there?.lower ?? 0)).toBe(true)
      expect(there?.lower ?? 0).toBeLessThanOrEqual(there?.mean ?? 0)
    }),
  )
})
