import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PairedCounts } from '../../src/metrics/paired-counts.ts'
import type { PassCount } from '../../src/metrics/pass-hat-k.ts'
import {
  type PassHatKChange,
  type PassPair,
  passHatKChange,
} from '../../src/metrics/pass-hat-k-change.ts'
import { caseUnitInterval } from '../../src/metrics/stratified-tango.ts'
import { tangoInterval } from '../../src/metrics/tango-interval.ts'
import { aCase, anySuite, armsSwapped, type CaseRow } from './builders.ts'
import { type Dice, dice } from './random.ts'
import { describeVectors, expectClose } from './vectors.ts'

const alpha = 0.05

function aPair(counts: PairedCounts): PassPair {
  return {
    baseline: { passed: counts.baselineEvents, total: counts.baselineTrials },
    candidate: { passed: counts.candidateEvents, total: counts.candidateTrials },
    ...(counts.cluster !== undefined && { cluster: counts.cluster }),
  }
}

function pairs(...rows: readonly CaseRow[]): readonly PassPair[] {
  return rows.map((row) => aPair(aCase(row)))
}

function certain(cases: readonly PassPair[], k: number): PassHatKChange {
  const change = passHatKChange(cases, { k, alpha })
  if (change === undefined) throw new Error('no pass^k')
  return change
}

describe('k', () => {
  it('is lowered to what every case has trials for in both arms', () => {
    const cases = pairs([5, 5, 4, 4], [3, 5, 2, 2])
    const { k, baseline, candidate, change } = certain(cases, 4)
    expect(k).toBe(2)
    // C(3,2)/C(5,2) = 3/10 in the second case, everything else is 1
    expectClose([baseline, candidate, change], [0.65, 1, 0.35], 1e-15)
  })

  it('is the one asked for when there are more trials', () => {
    expect(certain(pairs([5, 5, 5, 5]), 3).k).toBe(3)
  })

  it('gives at 1 the change of the success rate', () => {
    fc.assert(
      fc.property(anySuite(), (cases) => {
        const rate = caseUnitInterval(cases, alpha)!
        const { change, lower, upper } = certain(cases.map(aPair), 1)
        expectClose([change, lower, upper], [rate.change, rate.lower, rate.upper], 1e-9)
      }),
    )
  })

  it('counts at all trials the cases that never fail', () => {
    // Of ten cases three stopped being reliable and one became so.
    const cases = pairs(
      ...Array.from({ length: 3 }, (): CaseRow => [3, 3, 2, 3]),
      [1, 3, 3, 3],
      ...Array.from({ length: 6 }, (): CaseRow => [3, 3, 3, 3]),
    )
    const { lower, upper, change } = certain(cases, 3)
    const tango = tangoInterval({ losses: 3, wins: 1, pairs: 10 }, alpha)
    expectClose([change, lower, upper], [-0.2, tango.lower, tango.upper], 1e-9)
  })
})

describe('without a number', () => {
  it('says nothing about no cases, or about a case that an arm has no trials of', () => {
    expect(passHatKChange([], { k: 3, alpha })).toBeUndefined()
    expect(passHatKChange(pairs([3, 3, 3, 3], [1, 1, 0, 0]), { k: 3, alpha })).toBeUndefined()
  })
})

it('moves clusters as a whole', () => {
  const cases = pairs([3, 3, 0, 3], [3, 3, 0, 3], [3, 3, 3, 3])
  const together = cases.map((one) => ({ ...one, cluster: 'refunds' }))
  expect(certain(together, 2).pairs).toBe(1)
  expect(certain(cases, 2).pairs).toBe(3)
  expect(certain(together, 2).change).toBe(certain(cases, 2).change)
})

it('mirrors when the arms trade names, whatever the order of the cases', () => {
  fc.assert(
    fc.property(anySuite(), fc.integer({ min: 1, max: 6 }), (cases, wanted) => {
      const { k, baseline, candidate, change, lower, upper } = certain(cases.map(aPair), wanted)
      const mirrored = certain(armsSwapped(cases).toReversed().map(aPair), wanted)
      expect(mirrored.k).toBe(k)
      expectClose(
        [mirrored.baseline, mirrored.candidate, mirrored.change, mirrored.lower, mirrored.upper],
        [candidate, baseline, -change, -upper, -lower],
        1e-7,
      )
      expectClose(candidate - baseline, change, 1e-12)
    }),
  )
})

it('stays finite for two hundred trials of five hundred cases', () => {
  const cases = pairs(
    ...Array.from({ length: 500 }, (_, index): CaseRow => [199, 200, index % 201, 200]),
  )
  const { baseline, candidate, lower, upper } = certain(cases, 200)
  expectClose([baseline, candidate], [0, 2 / 500], 1e-15)
  expect(lower).toBeGreaterThan(-1)
  expect(upper).toBeLessThan(1)
})

describe('brute force', () => {
  it('agrees with drawing every k of the trials of either arm', () => {
    const roll = dice(99)
    for (let round = 0; round < 100; round++) {
      const cases = Array.from({ length: 1 + roll(4) }, () => ({
        baseline: anyCount(roll),
        candidate: anyCount(roll),
      }))
      const { k, baseline, candidate } = certain(cases, 1 + roll(5))
      const meanOf = (arm: 'baseline' | 'candidate'): number =>
        cases.reduce((sum, one) => sum + everyDraw(one[arm], k), 0) / cases.length
      expectClose([baseline, candidate], [meanOf('baseline'), meanOf('candidate')], 1e-12)
    }
  })
})

function anyCount(roll: Dice): PassCount {
  const total = 1 + roll(6)
  return { passed: roll(total + 1), total }
}

/** Share of the sets of k trials in which all passed; the first `passed` trials are those that did. */
function everyDraw({ passed, total }: PassCount, k: number): number {
  const draws = Array.from({ length: 2 ** total }, (_, set) =>
    Array.from({ length: total }, (__, trial) => trial).filter((trial) => (set >> trial) & 1),
  ).filter((draw) => draw.length === k)
  return draws.filter((draw) => draw.every((trial) => trial < passed)).length / draws.length
}

describeVectors('paired pass^3 difference', ({ inputs, expected, tolerance }) => {
  type Rows = readonly (readonly [number, number])[]
  const { baseline, candidate, k } = inputs as { baseline: Rows; candidate: Rows; k: number }
  const known = expected as { d: number[]; delta: number; D: number }
  const cases = baseline.map(([passed, total], index) =>
    aPair(aCase([passed, total, ...candidate[index]!])),
  )
  const actual = certain(cases, k)
  expect(actual.k).toBe(k)
  expectClose([actual.change, actual.discordant], [known.delta, known.D], tolerance)
  const single = cases.map((one) => certain([one], k).change)
  expectClose(single, known.d, tolerance)
})
