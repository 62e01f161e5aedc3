import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseSwap, swapByScore } from '../../src/metrics/case-swap.ts'
import { groupByCluster } from '../../src/metrics/clusters.ts'
import { normalCdf } from '../../src/metrics/distributions.ts'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import { caseDifference, type PairedCounts } from '../../src/metrics/paired-counts.ts'
import { aCase, anySuite, armsSwapped, repeated, theCases } from './builders.ts'
import { type Dice, dice } from './random.ts'
import { describeVectors, expectClose } from './vectors.ts'

/** A case of `trials` per arm whose candidate has `difference` more events. */
function changedBy(difference: number, trials: number): PairedCounts {
  return aCase([Math.max(0, -difference), trials, Math.max(0, difference), trials])
}

describe('known answers', () => {
  it('is the exact McNemar test with one trial per case', () => {
    const cases = [
      ...repeated([1, 1, 0, 1], 12),
      ...repeated([0, 1, 1, 1], 3),
      ...repeated([1, 1, 1, 1], 9),
    ]
    const { p, smallestP, method } = caseSwap(cases, 'fewer')
    expect(method).toBe('exact')
    expectClose([p, smallestP], [576 / 2 ** 15, 1 / 2 ** 15], 1e-15)
    expectClose(p, labelShuffle(cases, 'fewer').p, 1e-15)
  })

  it('counts a broken case once, however many copies of a trial it has', () => {
    const broken = repeated([9, 9, 0, 9], 3)
    expect(caseSwap(broken, 'fewer')).toEqual({ p: 1 / 8, smallestP: 1 / 8, method: 'exact' })
    expect(caseSwap(broken, 'more')).toEqual({ p: 1, smallestP: 1 / 8, method: 'exact' })
  })

  it('swaps a whole cluster at once', () => {
    const family = repeated([3, 3, 0, 3], 5).map((one) => ({ ...one, cluster: 'refunds' }))
    expect(caseSwap(family, 'fewer').p).toBe(0.5)
    expect(caseSwap([...family, ...repeated([3, 3, 2, 3], 2)], 'fewer').p).toBe(1 / 8)
  })

  it('finds one scale for cases of two, three and five trials', () => {
    // −1/2, −1/3, +1/5: of eight swaps only the two largest drops are at least −19/30.
    const cases = [changedBy(-1, 2), changedBy(-1, 3), changedBy(1, 5)]
    expect(caseSwap(cases, 'fewer')).toEqual({ p: 2 / 8, smallestP: 1 / 8, method: 'exact' })
  })
})

describe('arms that do not mirror each other', () => {
  it('fall back to the score, and say so', () => {
    // d = −1, +1, −1, −1, 0: change −2/5, D = 4/5, K = 5; T(0) = −2/5 · √(5 / (4/5)) = −1.
    const { p, method } = caseSwap(
      theCases([
        [5, 5, 0, 2],
        [0, 3, 3, 3],
        [4, 4, 0, 2],
        [5, 5, 0, 5],
        [3, 3, 3, 3],
      ]),
      'fewer',
    )
    expect(method).toBe('score')
    expectClose([p], [normalCdf(-1)], 1e-12)
  })

  it('never claim more than swapping the clusters that changed could show', () => {
    // The score alone would say Φ(−√3) = 0.042, but of eight swaps one is as bad: 1/8.
    const broken = Array.from({ length: 3 }, () => [6, 6, 0, 2] as const)
    const unchanged = Array.from({ length: 197 }, () => [6, 6, 2, 2] as const)
    const { p, smallestP, method } = caseSwap(theCases([...broken, ...unchanged]), 'fewer')
    expect({ p, smallestP, method }).toEqual({ p: 1 / 8, smallestP: 1 / 8, method: 'score' })
  })

  it('do not matter in a case that did not change', () => {
    expect(
      caseSwap(
        theCases([
          [5, 5, 2, 2],
          [3, 3, 0, 3],
        ]),
        'fewer',
      ),
    ).toEqual({ p: 0.5, smallestP: 0.5, method: 'exact' })
  })

  it('are what trial counts without a common scale are treated like', () => {
    const primes = [101, 103, 107, 109, 113].map((trials) => changedBy(-1, trials))
    expect(caseSwap(primes, 'fewer').method).toBe('score')
  })
})

describe('differences that are no counts of trials', () => {
  const half = { difference: -0.5 }

  it('are tested by the score of their mean', () => {
    // Change −1/4, D = 1/8 < |change| so that D = 1/4, K = 8: T(0) = −1/4 · √(8 / (1/4)) = −√2.
    const cases = [half, half, half, half, ...Array.from({ length: 4 }, () => ({ difference: 0 }))]
    const { method, p } = swapByScore(cases, 1)
    expect(method).toBe('score')
    expectClose(p, normalCdf(-Math.SQRT2), 1e-12)
  })

  it('never show more than swapping the clusters that changed could', () => {
    const unchanged = Array.from({ length: 197 }, () => ({ difference: 0 }))
    const broken = Array.from({ length: 3 }, () => ({ difference: -1 }))
    expect(swapByScore([...broken, ...unchanged], 1)).toMatchObject({ p: 1 / 8, smallestP: 1 / 8 })
    const family = broken.map((one) => ({ ...one, cluster: 'refunds' }))
    expect(swapByScore([...family, ...unchanged], 1)).toMatchObject({ p: 1 / 2, smallestP: 1 / 2 })
  })

  it('tell nothing where nothing changed, or where a cluster takes back what it lost', () => {
    expect(swapByScore([{ difference: 0 }, { difference: 0 }], 1)).toMatchObject({ p: 1 })
    const family = [-1 / 3, 1 / 3].map((difference) => ({ difference, cluster: 'a' }))
    expect(swapByScore(family, 1)).toMatchObject({ p: 1, smallestP: 1 })
  })

  it('mirror with the direction that is bad, and stay in [smallestP, 1]', () => {
    const anyDifferences = fc.array(
      fc.record(
        {
          difference: fc.double({ min: -1, max: 1, noNaN: true }),
          cluster: fc.constantFrom('a', 'b', 'c', 'd'),
        },
        { noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(anyDifferences, (cases) => {
        const there = swapByScore(cases, 1)
        const back = swapByScore(
          cases.map((one) => ({ ...one, difference: -one.difference })),
          -1,
        )
        expect(back).toEqual(there)
        expect(there.smallestP).toBeGreaterThan(0)
        expect(there.p).toBeGreaterThanOrEqual(there.smallestP)
        expect(there.p).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('come near to what swapping in every way says', () => {
    const roll = dice(11)
    for (let round = 0; round < 20; round++) {
      const cases = Array.from({ length: 12 }, () => ({ difference: (roll(19) - 10) / 10 }))
      const { fewer } = everySwapOf(cases.map((one) => one.difference))
      expect(Math.abs(swapByScore(cases, 1).p - fewer)).toBeLessThan(0.04)
    }
  })
})

describe('edges', () => {
  it.each<[string, readonly PairedCounts[]]>([
    ['no cases', []],
    ['all pass', repeated([3, 3, 3, 3], 20)],
    ['all fail', repeated([0, 2, 0, 5], 20)],
    ['one trial, same', [aCase([1, 1, 1, 1])]],
    [
      'thirds that cancel in a cluster',
      [changedBy(-1, 3), changedBy(1, 3)].map((one) => ({ ...one, cluster: 'a' })),
    ],
  ])('%s: nothing can be told', (_, cases) => {
    expect(caseSwap(cases, 'fewer')).toEqual({ p: 1, smallestP: 1, method: 'exact' })
    expect(caseSwap(cases, 'more')).toEqual({ p: 1, smallestP: 1, method: 'exact' })
  })

  it('survives 2000 clusters that all broke', () => {
    const { p, smallestP } = caseSwap(repeated([1, 1, 0, 1], 2000), 'fewer')
    expect(p).toBeGreaterThan(0)
    expect(p).toBeLessThan(1e-30)
    expect(smallestP).toBeGreaterThan(0)
  })
})

describe('properties', () => {
  it('gives p in [smallestP, 1], positive, and mirrors', () => {
    fc.assert(
      fc.property(anySuite(), (cases) => {
        const test = caseSwap(cases, 'fewer')
        expect(test.smallestP).toBeGreaterThan(0)
        expect(test.p).toBeGreaterThanOrEqual(test.smallestP)
        expect(test.p).toBeLessThanOrEqual(1)
        const mirrored = caseSwap(armsSwapped(cases), 'more')
        expect(mirrored.method).toBe(test.method)
        expectClose([mirrored.p, mirrored.smallestP], [test.p, test.smallestP], 1e-12)
      }),
    )
  })
})

describe('brute force', () => {
  it('agrees with swapping every cluster in every way', () => {
    const roll = dice(7)
    for (let round = 0; round < 150; round++) {
      const cases = Array.from({ length: 1 + roll(9) }, () => mirroredCase(roll))
      const brute = everySwap(cases)
      expectClose(caseSwap(cases, 'fewer').p, brute.fewer, 1e-12)
      expectClose(caseSwap(cases, 'more').p, brute.more, 1e-12)
      expectClose(caseSwap(cases, 'fewer').smallestP, brute.smallest, 1e-12)
      expect(caseSwap(cases, 'fewer').method).toBe('exact')
    }
  })
})

function mirroredCase(roll: Dice): PairedCounts {
  const trials = 1 + roll(6)
  const counts = aCase([roll(trials + 1), trials, roll(trials + 1), trials])
  const cluster = roll(8)
  return cluster < 3 ? { ...counts, cluster: `c${cluster}` } : counts
}

function everySwap(cases: readonly PairedCounts[]): Record<'fewer' | 'more' | 'smallest', number> {
  return everySwapOf(
    groupByCluster(cases).map((cluster) =>
      cluster.reduce((sum, one) => sum + caseDifference(one), 0),
    ),
  )
}

function everySwapOf(changes: readonly number[]): Record<'fewer' | 'more' | 'smallest', number> {
  const observed = changes.reduce((sum, change) => sum + change, 0)
  const sums = Array.from({ length: 2 ** changes.length }, (_, swaps) =>
    changes.reduce((sum, change, index) => sum + ((swaps >> index) & 1 ? -change : change), 0),
  )
  const share = (wanted: (sum: number) => boolean): number =>
    sums.filter(wanted).length / sums.length
  const lowest = Math.min(...sums)
  return {
    fewer: share((sum) => sum <= observed + 1e-9),
    more: share((sum) => sum >= observed - 1e-9),
    smallest: share((sum) => sum <= lowest + 1e-9),
  }
}

for (const method of ['exact case-swap (sign-flip)', 'exact case-swap permutation']) {
  describeVectors(method, ({ inputs, expected, tolerance }) => {
    const { d } = inputs as { d: readonly number[] }
    const trials = Math.max(...d.map(Math.abs))
    expectClose(
      caseSwap(
        d.map((one) => changedBy(one, trials)),
        'fewer',
      ).p,
      expected as number,
      tolerance,
    )
  })
}
