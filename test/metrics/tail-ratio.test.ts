import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortTails, type TailCase } from '../../src/metrics/tail-exceedances.ts'
import { pLighterThan, type TailRatio, tailRatio } from '../../src/metrics/tail-ratio.ts'
import { dice } from './random.ts'
import { anyTails, naivePLighter, seededTails, slowed, tailsSwapped } from './tails.ts'
import { expectClose } from './vectors.ts'

const alpha = 0.05
const share = 0.875
/** Bounds are at most this much wider than they need be. */
const coarseness = 1.0002

function ratioOf(cases: readonly TailCase[], margin?: number): TailRatio {
  return tailRatio(sortTails(cases), { share, alpha, ...(margin !== undefined && { margin }) })
}

const fiftyCases = { cases: 50, baselineTrials: 3, candidateTrials: 3 }

describe('known answers', () => {
  it('is 1 for arms that are alike, with an interval that turns over onto itself', () => {
    const cases = seededTails(dice(1), fiftyCases).map(({ baseline }) => ({
      baseline,
      candidate: baseline,
    }))
    const { ratio, lower, upper } = ratioOf(cases)
    expectClose(ratio, 1, 1e-12)
    expect(upper).toBeGreaterThan(1)
    expectClose(lower! * upper!, 1, 1e-12)
  })

  it('follows the factor by which every trial is slower', () => {
    const cases = seededTails(dice(2), fiftyCases)
    const { ratio, lower, upper } = ratioOf(cases)
    const twice = ratioOf(slowed(cases, 2))
    expectClose(
      [twice.ratio! / ratio!, twice.lower! / lower!, twice.upper! / upper!],
      [2, 2, 2],
      3e-4,
    )
  })

  it('is narrower with more trials and wider for less error', () => {
    const cases = seededTails(dice(3), { ...fiftyCases, baselineTrials: 20, candidateTrials: 20 })
    const few = cases.map(({ baseline, candidate }) => ({
      baseline: baseline.slice(0, 3),
      candidate: candidate.slice(0, 3),
    }))
    const width = ({ lower, upper }: TailRatio): number => upper! / lower!
    expect(width(ratioOf(cases))).toBeLessThan(width(ratioOf(few)))
    const strict = tailRatio(sortTails(cases), { share, alpha: 0.005 })
    expect(width(strict)).toBeGreaterThan(width(ratioOf(cases)))
  })
})

describe('without a number', () => {
  it('has no upper bound where the candidate is too rarely tried to rule out anything', () => {
    // Twelve slow trials, all of the baseline: by chance in (5/6)^12 = 11 % of the deals.
    const cases = Array.from({ length: 16 }, (_, index) => ({
      baseline: [1, 1, 1, 1, index < 12 ? 9 : 1],
      candidate: [1],
    }))
    const { lower, upper } = ratioOf(cases)
    expect(upper).toBeUndefined()
    expect(lower).toBeLessThan(1)
  })

  it('has no ratio, and no lower bound, for a candidate that takes no time', () => {
    const cases = Array.from({ length: 30 }, () => ({ baseline: [2, 3, 4], candidate: [0, 0, 0] }))
    expect(Object.keys(ratioOf(cases))).toEqual(['upper'])
  })

  it('has nothing at all where no trial took time, and for one pair of trials', () => {
    expect(ratioOf([{ baseline: [0, 0], candidate: [0, 0] }])).toEqual({})
    expect(Object.keys(ratioOf([{ baseline: [3], candidate: [6] }]))).toEqual(['ratio'])
  })
})

describe('properties', () => {
  it('contains the balancing ratio and turns over when the arms trade names', () => {
    fc.assert(
      fc.property(anyTails(), (cases) => {
        const { ratio, lower, upper } = ratioOf(cases)
        if (ratio !== undefined && lower !== undefined)
          expect(lower / ratio).toBeLessThanOrEqual(1 + 1e-12)
        if (ratio !== undefined && upper !== undefined)
          expect(ratio / upper).toBeLessThanOrEqual(1 + 1e-12)
        const mirrored = ratioOf(tailsSwapped(cases).toReversed())
        expect([
          mirrored.ratio === undefined,
          mirrored.lower === undefined,
          mirrored.upper === undefined,
        ]).toEqual([ratio === undefined, upper === undefined, lower === undefined])
        if (ratio !== undefined) expectClose(mirrored.ratio! * ratio, 1, 1e-9)
        if (lower !== undefined) expectClose(mirrored.upper! * lower, 1, 1e-9)
        if (upper !== undefined) expectClose(mirrored.lower! * upper, 1, 1e-9)
      }),
    )
  })

  it('has its upper bound on the side of the margin, and its lower one on the side of 1, that the test says', () => {
    const anyMargin = fc.constantFrom(1, 1.15, 1.25, 2)
    fc.assert(
      fc.property(anyTails(), anyMargin, (cases, margin) => {
        const { lower, upper } = ratioOf(cases, margin)
        const beyondMargin = naivePLighter(cases, share, margin) <= alpha + 1e-12
        const slower = naivePLighter(tailsSwapped(cases), share, 1) <= alpha + 1e-12
        if (upper !== undefined) expect(upper <= margin).toBe(beyondMargin)
        if (lower !== undefined) expect(lower >= 1).toBe(slower)
      }),
    )
  })
})

describe('brute force', () => {
  it('has bounds that are ruled out, next to a ratio that is not', () => {
    const roll = dice(12)
    for (let round = 0; round < 40; round++) {
      const cases = seededTails(roll, {
        cases: 4 + roll(12),
        baselineTrials: 1 + roll(4),
        candidateTrials: 1 + roll(4),
      })
      expectBoundary(cases, ratioOf(cases).upper)
      const { lower } = ratioOf(cases)
      expectBoundary(tailsSwapped(cases), lower === undefined ? undefined : 1 / lower)
    }
  })
})

/** p changes only where a trial of one arm passes one of the other: those ratios and between them. */
function expectBoundary(cases: readonly TailCase[], upper: number | undefined): void {
  const isRuledOut = (ratio: number): boolean => naivePLighter(cases, share, ratio) <= alpha + 1e-12
  if (upper === undefined) {
    expect(isRuledOut(1024)).toBe(false)
    return
  }
  expect(isRuledOut(upper)).toBe(true)
  const passing = cases
    .flatMap((one) => one.candidate)
    .flatMap((slow) => cases.flatMap((one) => one.baseline).map((fast) => slow / fast))
    .filter((ratio) => ratio > upper / coarseness && ratio < upper)
  const near = [upper / coarseness, ...passing.sort((a, b) => a - b), upper]
  const between = near.slice(1).map((ratio, index) => Math.sqrt(ratio * near[index]!))
  expect([...near, ...between].some((ratio) => !isRuledOut(ratio))).toBe(true)
}

it('says how sure it is that a tail is lighter', () => {
  const cases = seededTails(dice(5), fiftyCases)
  for (const ratio of [0.5, 1, 1.3, 4])
    expectClose(
      pLighterThan(sortTails(cases), share, ratio),
      naivePLighter(cases, share, ratio),
      1e-12,
    )
})
