import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import type { PairedCounts } from '../../src/metrics/paired-counts.ts'
import { quantile } from '../../src/metrics/quantile.ts'
import { aCase, anySuite, armsSwapped, type CaseRow, repeated, theCases } from './builders.ts'
import { type Dice, dice } from './random.ts'
import { describeVectors, expectClose } from './vectors.ts'

describe('known answers', () => {
  it('is the exact conditional Cochran-Mantel-Haenszel test', () => {
    // R, ?mantelhaen.test: Rabbits (penicillin), exact, alternative = "greater", P = 0.020 there
    const rabbits = theCases([
      [0, 5, 0, 6],
      [0, 6, 3, 6],
      [2, 6, 6, 6],
      [6, 6, 5, 6],
      [5, 5, 2, 2],
    ])
    expectClose(labelShuffle(rabbits, 'more').p, 29 / 1452, 1e-15)
  })

  it('is the exact McNemar test with one trial per case', () => {
    const cases = [
      ...repeated([1, 1, 0, 1], 12),
      ...repeated([0, 1, 1, 1], 3),
      ...repeated([1, 1, 1, 1], 9),
    ]
    expectClose(labelShuffle(cases, 'fewer').p, 576 / 2 ** 15, 1e-15)
    expectClose(labelShuffle(cases, 'fewer').smallestP, 1 / 2 ** 15, 1e-18)
  })

  it('is Fisher’s exact test with one case', () => {
    const tea = [aCase([1, 4, 3, 4])]
    expectClose(labelShuffle(tea, 'more').p, 17 / 70, 1e-15)
    expectClose(labelShuffle(tea, 'more').smallestP, 1 / 70, 1e-15)
  })
})

describe('edges', () => {
  const nothing = { p: 1, smallestP: 1 }

  it.each<[string, readonly PairedCounts[]]>([
    ['no cases', []],
    ['one case that never differs', [aCase([1, 1, 1, 1])]],
    ['all pass', repeated([3, 3, 3, 3], 200)],
    ['all fail', repeated([0, 3, 0, 3], 200)],
    ['always or never', [aCase([3, 3, 5, 5]), aCase([0, 2, 0, 1])]],
  ])('%s: nothing can be told', (_, cases) => {
    expect(labelShuffle(cases, 'fewer')).toEqual(nothing)
    expect(labelShuffle(cases, 'more')).toEqual(nothing)
  })

  it('one trial that got worse can be chance half of the time', () => {
    expect(labelShuffle([aCase([1, 1, 0, 1])], 'fewer')).toEqual({ p: 0.5, smallestP: 0.5 })
    expect(labelShuffle([aCase([1, 1, 0, 1])], 'more')).toEqual({ p: 1, smallestP: 0.5 })
  })

  it('survives a collapse that no double can hold the probability of', () => {
    const cases = repeated([200, 200, 0, 200], 500)
    const collapse = labelShuffle(cases, 'fewer')
    expect(collapse.p).toBeGreaterThan(0)
    expect(collapse.p).toBeLessThan(1e-30)
    expect(collapse.smallestP).toBeGreaterThan(0)
    expectClose(labelShuffle(cases, 'more').p, 1, 1e-12)
  })
})

describe('properties', () => {
  it('gives p in [smallestP, 1], positive', () => {
    fc.assert(
      fc.property(anySuite(), fc.constantFrom('fewer', 'more'), (cases, worse) => {
        const { p, smallestP } = labelShuffle(cases, worse)
        expect(smallestP).toBeGreaterThan(0)
        expect(p).toBeGreaterThanOrEqual(smallestP)
        expect(p).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('mirrors when the arms trade names, and when events become non-events', () => {
    fc.assert(
      fc.property(anySuite(), (cases) => {
        const { p, smallestP } = labelShuffle(cases, 'fewer')
        expect(labelShuffle(armsSwapped(cases), 'more')).toEqual({ p, smallestP })
        expectClose(labelShuffle(complement(cases), 'more').p, p, 1e-12)
      }),
    )
  })

  it('does not depend on the order of the cases', () => {
    fc.assert(
      fc.property(anySuite(), (cases) => {
        expectClose(
          labelShuffle(cases.toReversed(), 'fewer').p,
          labelShuffle(cases, 'fewer').p,
          1e-12,
        )
      }),
    )
  })
})

describe('brute force', () => {
  it('agrees with dealing every label in every way', () => {
    const roll = dice(20_240_611)
    for (let round = 0; round < 150; round++) {
      const cases = Array.from({ length: 1 + roll(5) }, () => randomCase(roll))
      const brute = everyDeal(cases)
      expectClose(labelShuffle(cases, 'fewer').p, brute.fewer, 1e-12)
      expectClose(labelShuffle(cases, 'more').p, brute.more, 1e-12)
      expectClose(labelShuffle(cases, 'fewer').smallestP, brute.smallestFewer, 1e-12)
      expectClose(labelShuffle(cases, 'more').smallestP, brute.smallestMore, 1e-12)
    }
  })
})

function complement(cases: readonly PairedCounts[]): readonly PairedCounts[] {
  return cases.map((one) => ({
    ...one,
    baselineEvents: one.baselineTrials - one.baselineEvents,
    candidateEvents: one.candidateTrials - one.candidateEvents,
  }))
}

function randomCase(roll: Dice): PairedCounts {
  const [baselineTrials, candidateTrials] = [1 + roll(4), 1 + roll(4)]
  return aCase([
    roll(baselineTrials + 1),
    baselineTrials,
    roll(candidateTrials + 1),
    candidateTrials,
  ])
}

/** Candidate events of one case under every choice of which trials are the candidate's. */
function deals(one: PairedCounts): readonly number[] {
  const events = one.baselineEvents + one.candidateEvents
  const total = one.baselineTrials + one.candidateTrials
  const results: number[] = []
  for (let labels = 0; labels < 2 ** total; labels++) {
    const trials = Array.from({ length: total }, (_, trial) => trial).filter(
      (t) => (labels >> t) & 1,
    )
    if (trials.length === one.candidateTrials) results.push(trials.filter((t) => t < events).length)
  }
  return results
}

function everyDeal(
  cases: readonly PairedCounts[],
): Record<'fewer' | 'more' | 'smallestFewer' | 'smallestMore', number> {
  let sums = new Map([[0, 1]])
  for (const one of cases) {
    const next = new Map<number, number>()
    const ways = deals(one)
    for (const [sum, count] of sums) {
      for (const dealt of ways)
        next.set(sum + dealt, (next.get(sum + dealt) ?? 0) + count / ways.length)
    }
    sums = next
  }
  const observed = cases.reduce((sum, one) => sum + one.candidateEvents, 0)
  const chance = (wanted: (sum: number) => boolean): number =>
    [...sums].reduce((total, [sum, share]) => total + (wanted(sum) ? share : 0), 0)
  const [low, high] = [Math.min(...sums.keys()), Math.max(...sums.keys())]
  return {
    fewer: chance((sum) => sum <= observed),
    more: chance((sum) => sum >= observed),
    smallestFewer: chance((sum) => sum === low),
    smallestMore: chance((sum) => sum === high),
  }
}

describeVectors('exact within-case label shuffle', ({ inputs, expected, tolerance }) => {
  const cases = theCases((inputs as { cases: readonly CaseRow[] }).cases)
  const known = expected as { p_candidate_lower: number; p_candidate_higher: number }
  expectClose(labelShuffle(cases, 'fewer').p, known.p_candidate_lower, tolerance)
  expectClose(labelShuffle(cases, 'more').p, known.p_candidate_higher, tolerance)
})

describeVectors('smallest attainable one-sided p', ({ inputs, expected, tolerance }) => {
  const cases = theCases((inputs as { cases: readonly CaseRow[] }).cases)
  const known = expected as { min_p_lower: number; min_p_higher: number }
  expectClose(labelShuffle(cases, 'fewer').smallestP, known.min_p_lower, tolerance)
  expectClose(labelShuffle(cases, 'more').smallestP, known.min_p_higher, tolerance)
})

describeVectors('exact McNemar; wins', ({ inputs, expected, tolerance }) => {
  const { wins, losses } = inputs as { wins: number; losses: number }
  const cases = [...repeated([1, 1, 0, 1], losses), ...repeated([0, 1, 1, 1], wins)]
  const known = expected as { p_two_sided: number; p_one_sided_worse: number }
  const tails = [labelShuffle(cases, 'fewer').p, labelShuffle(cases, 'more').p]
  expectClose(labelShuffle(cases, 'fewer').p, known.p_one_sided_worse, tolerance)
  expectClose(Math.min(1, 2 * Math.min(...tails)), known.p_two_sided, tolerance)
})

describeVectors('exact McNemar two-sided', ({ inputs, expected, tolerance }) => {
  const { b, c } = inputs as { b: number; c: number }
  const cases = [...repeated([1, 1, 0, 1], b), ...repeated([0, 1, 1, 1], c)]
  const tails = [labelShuffle(cases, 'fewer').p, labelShuffle(cases, 'more').p]
  expectClose(Math.min(1, 2 * Math.min(...tails)), expected as number, tolerance)
})

type Latencies = readonly (readonly number[])[]

function exceedances(
  baseline: Latencies,
  candidate: Latencies,
  share: number,
): { threshold: number; cases: readonly PairedCounts[] } {
  const threshold = quantile([...baseline, ...candidate].flat(), share) ?? Number.NaN
  const over = (trials: readonly number[] = []): number =>
    trials.filter((one) => one > threshold).length
  const cases = baseline.map((trials, index) =>
    aCase([over(trials), trials.length, over(candidate[index]), candidate[index]?.length ?? 0]),
  )
  return { threshold, cases }
}

function total(cases: readonly PairedCounts[], key: 'baselineEvents' | 'candidateEvents'): number {
  return cases.reduce((sum, one) => sum + one[key], 0)
}

describeVectors('exact tail test', ({ inputs, expected, tolerance }) => {
  const { baseline, candidate, q } = inputs as {
    baseline: Latencies
    candidate: Latencies
    q: number
  }
  const known = expected as Record<
    | 'threshold'
    | 'baseline_exceed'
    | 'candidate_exceed'
    | 'p_slower'
    | 'p95_baseline'
    | 'p95_candidate',
    number
  >
  const { threshold, cases } = exceedances(baseline, candidate, q)
  expectClose(threshold, known.threshold, tolerance)
  expect(total(cases, 'baselineEvents')).toBe(known.baseline_exceed)
  expect(total(cases, 'candidateEvents')).toBe(known.candidate_exceed)
  expectClose(labelShuffle(cases, 'more').p, known.p_slower, tolerance)
  expectClose(
    [quantile(baseline.flat(), q), quantile(candidate.flat(), q)],
    [known.p95_baseline, known.p95_candidate],
    tolerance,
  )
})

describeVectors('tail non-inferiority', ({ inputs, expected, tolerance }) => {
  const { baseline, candidate, q, margin_ratio } = inputs as {
    baseline: Latencies
    candidate: Latencies
    q: number
    margin_ratio: number
  }
  const known = expected as Record<
    'threshold' | 'baseline_exceed' | 'candidate_exceed' | 'p_noninferior',
    number
  >
  const faster = candidate.map((trials) => trials.map((one) => one / margin_ratio))
  const { threshold, cases } = exceedances(baseline, faster, q)
  expectClose(threshold, known.threshold, tolerance)
  expect(total(cases, 'baselineEvents')).toBe(known.baseline_exceed)
  expect(total(cases, 'candidateEvents')).toBe(known.candidate_exceed)
  expectClose(labelShuffle(cases, 'fewer').p, known.p_noninferior, tolerance)
})
