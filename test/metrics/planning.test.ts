import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalQuantile } from '../../src/metrics/distributions.ts'
import {
  casesNeeded,
  cleanTrialsNeeded,
  pairsNeededForMargin,
  smallestDetectableDrop,
  trialsNeeded,
} from '../../src/metrics/planning.ts'
import { trialUnitInterval } from '../../src/metrics/stratified-tango.ts'
import { tangoInterval } from '../../src/metrics/tango-interval.ts'
import { repeated } from './builders.ts'
import { describeVectors, expectClose } from './vectors.ts'

const alpha = 0.05
const strength = normalQuantile(0.95) + normalQuantile(0.8)

describe('smallestDetectableDrop', () => {
  it('is 2.486 standard errors', () => {
    expectClose(
      smallestDetectableDrop({ pairs: 25, discordant: 0.2 }, { alpha }),
      0.222397072499073,
      1e-12,
    )
  })

  it('assumes one discordant pair when there was none', () => {
    expectClose(
      smallestDetectableDrop({ pairs: 24, discordant: 0 }, { alpha }),
      strength / 24,
      1e-12,
    )
  })

  it('falls with less power', () => {
    const effect = { pairs: 100, discordant: 0.3 }
    expect(smallestDetectableDrop(effect, { alpha, power: 0.5 })).toBeLessThan(
      smallestDetectableDrop(effect, { alpha }),
    )
  })
})

describe('trialsNeeded', () => {
  // Statistics of the gate, table in 2.3.
  it.each([
    [0.097, 0.05, [10, 5, 3, 2]],
    [0.097, 0.02, [60, 30, 15, 8]],
    [0.02, 0.05, [2, 1, 1, 1]],
    [0.02, 0.02, [13, 7, 4, 2]],
  ])('of variance %f and margin %f are the published ones', (sigma2, margin, known) => {
    const needed = [50, 100, 200, 400].map(
      (cases) => trialsNeeded({ cases, sigma2 }, { margin, alpha }).bothArms,
    )
    expect(needed).toEqual(known)
  })

  it('needs enough pairs even when nothing varies', () => {
    expect(trialsNeeded({ cases: 8, sigma2: 0 }, { margin: 0.05, alpha })).toEqual({
      bothArms: 7,
      candidateOnly: undefined,
    })
  })

  it('needs fewer in the candidate when the stored baseline has more', () => {
    const suite = { cases: 100, sigma2: 0.097 }
    const only = [5, 10, 50].map(
      (baselineTrials) =>
        trialsNeeded({ ...suite, baselineTrials }, { margin: 0.05, alpha }).candidateOnly,
    )
    expect(only).toEqual([5, 4, 3])
  })

  it('says when no candidate can make up for a small baseline', () => {
    const suite = { cases: 100, sigma2: 0.097, baselineTrials: 2 }
    expect(trialsNeeded(suite, { margin: 0.05, alpha }).candidateOnly).toBeUndefined()
  })

  it('is enough: an unchanged, quiet suite of that size passes', () => {
    const [cases, margin] = [13, 0.05]
    const { bothArms } = trialsNeeded({ cases, sigma2: 0 }, { margin, alpha })
    const passes = (trials: number): boolean =>
      (trialUnitInterval(repeated([trials, trials, trials, trials], cases), alpha)?.lower ?? -1) >
      -margin
    expect([passes(bothArms), passes(bothArms - 1)]).toEqual([true, false])
  })

  it('asks no less of the candidate alone than half, nor more of a generous baseline', () => {
    const sigma2 = fc.double({ min: 0, max: 0.25, noNaN: true })
    const whole = fc.integer({ min: 1, max: 400 })
    fc.assert(
      fc.property(whole, sigma2, whole, (cases, noise, baselineTrials) => {
        const { bothArms, candidateOnly } = trialsNeeded(
          { cases, sigma2: noise, baselineTrials },
          { margin: 0.05, alpha },
        )
        if (candidateOnly !== undefined) expect(2 * candidateOnly).toBeGreaterThanOrEqual(bothArms)
        if (baselineTrials >= bothArms) expect(candidateOnly).toBeLessThanOrEqual(bothArms)
      }),
    )
  })
})

describe('casesNeeded', () => {
  it('grows with the noise between cases', () => {
    expect(casesNeeded({ discordant: 0.1, weight: 1 }, { margin: 0.05, alpha })).toBe(
      Math.ceil(0.1 * (strength / 0.05) ** 2),
    )
  })

  it('counts cases, not clusters', () => {
    const alone = casesNeeded({ discordant: 0.2, weight: 1 }, { margin: 0.05, alpha })
    const inThrees = casesNeeded({ discordant: 0.2, weight: 3 }, { margin: 0.05, alpha })
    expect(Math.abs(inThrees - 3 * alone)).toBeLessThanOrEqual(3)
  })

  it('needs enough cases even when none changed', () => {
    expect(casesNeeded({ discordant: 0, weight: 1 }, { margin: 0.05, alpha })).toBe(52)
  })
})

describe('pairsNeededForMargin', () => {
  it.each([
    [0.05, 52],
    [0.02, 133],
    [0.01, 268],
  ])('margin %f: %d pairs', (margin, pairs) => {
    expect(pairsNeededForMargin(margin, alpha)).toBe(pairs)
  })

  it('is the first number of quiet pairs whose interval fits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.004, max: 0.6, noNaN: true }), (margin) => {
        const pairs = pairsNeededForMargin(margin, alpha)
        const upper = (count: number): number =>
          tangoInterval({ losses: 0, wins: 0, pairs: count }, alpha).upper
        expect(upper(pairs)).toBeLessThanOrEqual(margin + 1e-9)
        if (pairs > 1) expect(upper(pairs - 1)).toBeGreaterThan(margin)
      }),
    )
  })
})

describe('cleanTrialsNeeded', () => {
  it.each([
    [0.05, 59],
    [0.02, 149],
    [0.01, 299],
    [0.001, 2995],
  ])('budget %f: %d trials', (budget, trials) => {
    expect(cleanTrialsNeeded(budget, alpha)).toBe(trials)
  })

  it('is not one too many where the logarithms divide evenly', () => {
    expect(cleanTrialsNeeded(0.9, 0.001)).toBe(3)
    expect(cleanTrialsNeeded(0.5, 0.25)).toBe(2)
  })
})

describeVectors('clean trials needed', ({ inputs, expected }) => {
  const { budget, alpha: error } = inputs as { budget: readonly number[]; alpha: number }
  expect(budget.map((one) => cleanTrialsNeeded(one, error))).toEqual(expected)
})

describeVectors('MDE = ', ({ inputs, expected, tolerance }) => {
  const { se, alpha: error, power } = inputs as Record<'se' | 'alpha' | 'power', number>
  const pairs = 1000
  const effect = { pairs, discordant: se ** 2 * pairs }
  expectClose(
    smallestDetectableDrop(effect, { alpha: error, power }),
    expected as number,
    tolerance,
  )
})
