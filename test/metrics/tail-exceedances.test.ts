import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import { quantile } from '../../src/metrics/quantile.ts'
import {
  exceedances,
  exceedancesOf,
  sortTails,
  swapTails,
  type TailCase,
} from '../../src/metrics/tail-exceedances.ts'
import { type Dice, dice } from './random.ts'
import { anyTails, naiveExceeds, tailsSwapped } from './tails.ts'
import { describeVectors, expectClose } from './vectors.ts'

const asTheyAre = { share: 0.75, ratio: 1 }

describe('exceedances', () => {
  it('begin above the type-7 quantile of both arms together', () => {
    const tails = sortTails([
      { baseline: [4, 1], candidate: [9, 2] },
      { baseline: [3], candidate: [8, 7, 5] },
    ])
    expect(exceedances(tails, asTheyAre)).toEqual({
      threshold: 7.25,
      cases: [
        { baselineEvents: 0, baselineTrials: 2, candidateEvents: 1, candidateTrials: 2 },
        { baselineEvents: 0, baselineTrials: 1, candidateEvents: 1, candidateTrials: 3 },
      ],
      baseline: { events: 0, trials: 3 },
      candidate: { events: 2, trials: 5 },
    })
  })

  it('divide the candidate first', () => {
    const tails = sortTails([{ baseline: [1, 2, 3], candidate: [30, 20, 10, 40] }])
    const { threshold, baseline, candidate } = exceedances(tails, { share: 0.75, ratio: 20 })
    // 0.5, 1, 1, 1.5, 2, 2, 3: rank 4.5 lies between the two 2s.
    expect(threshold).toBe(2)
    expect([baseline.events, candidate.events]).toEqual([1, 0])
  })

  it('are those at the threshold where a timeout leaves none above', () => {
    const tails = sortTails([
      { baseline: [1, 60, 60], candidate: [2, 60, 60] },
      { baseline: [1], candidate: [60] },
    ])
    const { threshold, baseline, candidate } = exceedances(tails, asTheyAre)
    expect(threshold).toBe(60)
    expect([baseline.events, candidate.events]).toEqual([2, 3])
  })

  it('are only those above where there are some, however many tie at the threshold', () => {
    const tails = sortTails([{ baseline: [1, 60, 60, 61], candidate: [60, 60, 60, 60] }])
    const { threshold, baseline, candidate } = exceedances(tails, asTheyAre)
    expect(threshold).toBe(60)
    expect([baseline.events, candidate.events]).toEqual([1, 0])
  })

  it('leave out a case without trials in one of the arms', () => {
    const paired = { baseline: [1, 2], candidate: [3] }
    expect(
      sortTails([
        { baseline: [], candidate: [100] },
        paired,
        { baseline: [100], candidate: [] },
        { baseline: [], candidate: [] },
      ]),
    ).toEqual(sortTails([paired]))
  })
})

it('counts what lies above a given threshold, not at it', () => {
  const tails = sortTails([{ baseline: [2.9, 3, 3.1], candidate: [3, 4] }])
  const { threshold, baseline, candidate } = exceedancesOf(tails, 3)
  expect([threshold, baseline.events, candidate.events]).toEqual([3, 1, 1])
})

it('agrees with sorting everything, at any ratio', () => {
  const anyRatio = fc.constantFrom(0.25, 0.5, 0.75, 1, 1.5, 2, 3, 7)
  fc.assert(
    fc.property(anyTails(), anyRatio, fc.constantFrom(0.5, 0.75, 0.875), (cases, ratio, share) => {
      const divided = cases.map(({ baseline, candidate }) => ({
        baseline,
        candidate: candidate.map((value) => value / ratio),
      }))
      const exceeds = naiveExceeds(divided, share)
      const actual = exceedances(sortTails(cases), { share, ratio })
      expect(actual.cases).toEqual(
        divided.map(({ baseline, candidate }) => ({
          baselineEvents: baseline.filter(exceeds).length,
          baselineTrials: baseline.length,
          candidateEvents: candidate.filter(exceeds).length,
          candidateTrials: candidate.length,
        })),
      )
      const pooled = divided.flatMap(({ baseline, candidate }) => [...baseline, ...candidate])
      expectClose(actual.threshold, quantile(pooled, share)!, 1e-12)
    }),
  )
})

it('swaps as if the arms had been swapped before', () => {
  fc.assert(
    fc.property(anyTails(), (cases) => {
      expect(swapTails(sortTails(cases))).toEqual(sortTails(tailsSwapped(cases)))
    }),
  )
})

describe('brute force', () => {
  it('agrees with dealing the trials of every case in every way', () => {
    const roll = dice(4711)
    for (let round = 0; round < 60; round++) {
      const cases = Array.from({ length: 1 + roll(3) }, () => ({
        baseline: anyArm(roll),
        candidate: anyArm(roll),
      }))
      const tail = exceedances(sortTails(cases), asTheyAre)
      expectClose(labelShuffle(tail.cases, 'more').p, shareOfDeals(cases), 1e-12)
    }
  })
})

function anyArm(roll: Dice): readonly number[] {
  return Array.from({ length: 1 + roll(3) }, () => 1 + roll(9))
}

/** Share of the relabelled suites whose candidate has at least as many trials in its tail. */
function shareOfDeals(cases: readonly TailCase[]): number {
  const observed = candidateTail(cases)
  let suites: readonly (readonly TailCase[])[] = [[]]
  for (const one of cases) {
    suites = suites.flatMap((suite) => dealsOf(one).map((deal) => [...suite, deal]))
  }
  return suites.filter((suite) => candidateTail(suite) >= observed).length / suites.length
}

function candidateTail(cases: readonly TailCase[]): number {
  const exceeds = naiveExceeds(cases, asTheyAre.share)
  return cases.reduce((sum, one) => sum + one.candidate.filter(exceeds).length, 0)
}

function dealsOf({ baseline, candidate }: TailCase): readonly TailCase[] {
  const all = [...baseline, ...candidate]
  return Array.from({ length: 2 ** all.length }, (_, labels) => ({
    baseline: all.filter((__, trial) => !((labels >> trial) & 1)),
    candidate: all.filter((__, trial) => (labels >> trial) & 1),
  })).filter((deal) => deal.candidate.length === candidate.length)
}

interface TailInputs {
  readonly baseline: readonly (readonly number[])[]
  readonly candidate: readonly (readonly number[])[]
  readonly q: number
  readonly margin_ratio: number
}

type KnownTail = Record<
  'threshold' | 'baseline_exceed' | 'candidate_exceed' | 'p_slower' | 'p_noninferior',
  number
>

function pairedArms({ baseline, candidate }: TailInputs): readonly TailCase[] {
  return baseline.map((trials, index) => ({ baseline: trials, candidate: candidate[index]! }))
}

describeVectors('exact tail test', ({ inputs, expected, tolerance }) => {
  const known = expected as KnownTail
  const { q } = inputs as TailInputs
  const tail = exceedances(sortTails(pairedArms(inputs as TailInputs)), { share: q, ratio: 1 })
  expectClose(tail.threshold, known.threshold, tolerance)
  expect(tail.baseline.events).toBe(known.baseline_exceed)
  expect(tail.candidate.events).toBe(known.candidate_exceed)
  expectClose(labelShuffle(tail.cases, 'more').p, known.p_slower, tolerance)
})

describeVectors('tail non-inferiority', ({ inputs, expected, tolerance }) => {
  const known = expected as KnownTail
  const { q, margin_ratio: ratio } = inputs as TailInputs
  const tail = exceedances(sortTails(pairedArms(inputs as TailInputs)), { share: q, ratio })
  expectClose(tail.threshold, known.threshold, tolerance)
  expect(tail.baseline.events).toBe(known.baseline_exceed)
  expect(tail.candidate.events).toBe(known.candidate_exceed)
  expectClose(labelShuffle(tail.cases, 'fewer').p, known.p_noninferior, tolerance)
})
