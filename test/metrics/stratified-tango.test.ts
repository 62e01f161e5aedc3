import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clopperPearson } from '../../src/metrics/binomial-intervals.ts'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import type { PairedChange } from '../../src/metrics/paired-change.ts'
import type { PairedCounts } from '../../src/metrics/paired-counts.ts'
import { passHatK } from '../../src/metrics/pass-hat-k.ts'
import { smallestDetectableDrop, trialsNeeded } from '../../src/metrics/planning.ts'
import {
  caseUnitInterval,
  differenceInterval,
  trialUnitInterval,
} from '../../src/metrics/stratified-tango.ts'
import { tangoInterval } from '../../src/metrics/tango-interval.ts'
import { aCase, anySuite, armsSwapped, type CaseRow, repeated, theCases } from './builders.ts'
import { describeVectors, expectClose } from './vectors.ts'

const alpha = 0.05
const units = [
  ['trial unit', trialUnitInterval],
  ['case unit', caseUnitInterval],
] as const

/** For tests in which there are cases. */
function certain(change: PairedChange | undefined): PairedChange {
  if (change === undefined) throw new Error('no cases')
  return change
}

function inCluster(cluster: string, counts: PairedCounts): PairedCounts {
  return { ...counts, cluster }
}

describe.each(units)('%s', (_, interval) => {
  it('has nothing to say about no cases', () => {
    expect(interval([], alpha)).toBeUndefined()
  })

  it('is Tango’s interval with one trial per case', () => {
    const cases = [
      ...repeated([1, 1, 0, 1], 12),
      ...repeated([0, 1, 1, 1], 3),
      ...repeated([1, 1, 1, 1], 25),
    ]
    const { lower, upper } = tangoInterval({ losses: 12, wins: 3, pairs: 40 }, alpha)
    const actual = certain(interval(cases, alpha))
    expectClose([actual.change, actual.lower, actual.upper], [-9 / 40, lower, upper], 1e-9)
    expectClose([actual.pairs, actual.discordant, actual.weight], [40, 15 / 40, 1], 1e-12)
  })

  it('stays open for one case of one trial, whatever came out', () => {
    for (const row of [
      [1, 1, 1, 1],
      [0, 1, 0, 1],
      [1, 1, 0, 1],
      [0, 1, 1, 1],
    ] as const) {
      const { lower, upper } = certain(interval([aCase(row)], alpha))
      expect(upper - lower).toBeGreaterThan(0.5)
    }
  })

  it('contains the change, inside [−1, 1]', () => {
    fc.assert(
      fc.property(anySuite(), (cases) => {
        const { lower, change, upper, discordant, pairs } = certain(interval(cases, alpha))
        expect(lower).toBeGreaterThanOrEqual(-1)
        expect(lower).toBeLessThanOrEqual(change)
        expect(change).toBeLessThanOrEqual(upper)
        expect(upper).toBeLessThanOrEqual(1)
        expect(lower).toBeLessThan(upper)
        expect(discordant).toBeGreaterThanOrEqual(Math.abs(change))
        expect(discordant).toBeLessThanOrEqual(1)
        expect(pairs).toBeGreaterThanOrEqual(1 - 1e-12)
      }),
    )
  })

  it('mirrors when the arms trade names', () => {
    fc.assert(
      fc.property(anySuite(), (cases) => {
        const { change, lower, upper } = certain(interval(cases, alpha))
        const mirrored = certain(interval(armsSwapped(cases), alpha))
        expectClose(
          [mirrored.change, mirrored.lower, mirrored.upper],
          [-change, -upper, -lower],
          1e-7,
        )
      }),
    )
  })
})

describe('trial unit', () => {
  it('needs more than identical results of few pairs', () => {
    // Statistics of the gate, 2.3: 20 × 1 leaves ±11.9 points, 200 × 3 only ±0.4.
    expect(certain(trialUnitInterval(repeated([1, 1, 1, 1], 20), alpha)).upper).toBeCloseTo(
      0.119,
      3,
    )
    expect(certain(trialUnitInterval(repeated([3, 3, 3, 3], 200), alpha)).upper).toBeCloseTo(
      0.0045,
      4,
    )
  })

  it('has the variance of the label shuffle', () => {
    // One case 3/4 against 1/2: four of six trials have the event; variance of dealing two of them.
    const { variance, pairs, weight, sigma2 } = certain(
      trialUnitInterval([aCase([3, 4, 1, 2])], alpha),
    )
    const ofDealt = (2 * (4 / 6) * (2 / 6) * 4) / 5
    expectClose(variance, ofDealt * (1 / 2 + 1 / 4) ** 2, 1e-14)
    expectClose([pairs, weight, sigma2], [8 / 3, 3 / 8, 4 / 15], 1e-14)
  })

  it('ignores clusters', () => {
    const cases = theCases([
      [3, 3, 1, 3],
      [2, 3, 3, 3],
      [3, 3, 3, 3],
    ])
    expect(
      trialUnitInterval(
        cases.map((one) => inCluster('a', one)),
        alpha,
      ),
    ).toEqual(trialUnitInterval(cases, alpha))
  })
})

describe('case unit', () => {
  const cases = theCases([
    [3, 3, 1, 3],
    [2, 3, 3, 3],
    [3, 3, 0, 3],
    [0, 3, 0, 3],
    [3, 3, 2, 3],
    [1, 3, 1, 3],
  ])

  it('does not change when every case is a cluster of its own', () => {
    const named = cases.map((one, index) => inCluster(`c${index}`, one))
    expect(caseUnitInterval(named, alpha)).toEqual(caseUnitInterval(cases, alpha))
  })

  it('counts identical copies in a cluster once', () => {
    const copies = cases.flatMap((one, index) => repeatedCase(inCluster(`c${index}`, one), 3))
    const once = certain(caseUnitInterval(cases, alpha))
    const actual = certain(caseUnitInterval(copies, alpha))
    expectClose(
      [actual.change, actual.lower, actual.upper, actual.pairs, actual.discordant],
      [once.change, once.lower, once.upper, once.pairs, once.discordant],
      1e-9,
    )
    expectClose(actual.weight, 3, 1e-12)
  })

  it('keeps the change the mean over cases when clusters differ in size', () => {
    const clustered = cases.map((one, index) => inCluster(index < 4 ? 'large' : 'small', one))
    const { change, pairs } = certain(caseUnitInterval(clustered, alpha))
    expectClose(change, certain(caseUnitInterval(cases, alpha)).change, 1e-12)
    expectClose(pairs, 36 / (16 + 4), 1e-12)
  })

  it('takes differences that are not of counts', () => {
    const interval = certain(
      differenceInterval([{ difference: -0.6 }, { difference: 0 }, { difference: 0.9 }], alpha),
    )
    expectClose([interval.change, interval.discordant], [0.1, 0.39], 1e-12)
    expect(differenceInterval([], alpha)).toBeUndefined()
  })
})

function repeatedCase(counts: PairedCounts, times: number): readonly PairedCounts[] {
  return Array.from({ length: times }, () => counts)
}

type Known = Record<'delta' | 'K' | 'D' | 'lower' | 'upper', number>

function expectEffect(actual: PairedChange, known: Known, tolerance: number): void {
  expectClose(
    [actual.change, actual.pairs, actual.discordant, actual.lower, actual.upper],
    [known.delta, known.K, known.D, known.lower, known.upper],
    tolerance,
  )
}

describeVectors('full TSR gate, unit=trial', ({ inputs, expected, tolerance }) => {
  const {
    cases: rows,
    margin,
    alpha: error,
  } = inputs as { cases: readonly CaseRow[]; margin: number; alpha: number }
  const known = expected as Known &
    Record<'p_exact' | 'mde80' | 'sigma2' | 'trials_per_case_needed', number> & { verdict: string }
  const cases = theCases(rows)
  const actual = certain(trialUnitInterval(cases, error))
  const { p } = labelShuffle(cases, 'fewer')
  expectEffect(actual, known, tolerance)
  expectClose(p, known.p_exact, 1e-9)
  expectClose(actual.sigma2, known.sigma2, tolerance)
  expectClose(smallestDetectableDrop(actual, { alpha: error }), known.mde80, tolerance)
  expect(trialsNeeded(actual, { margin, alpha: error }).bothArms).toBe(known.trials_per_case_needed)
  const alarm = p <= error + 1e-12 ? 'regression' : 'inconclusive'
  expect(actual.lower > -margin ? 'pass' : alarm).toBe(known.verdict)
})

describeVectors('case-unit Tango interval', ({ inputs, expected, tolerance }) => {
  const { cases, alpha: error } = inputs as { cases: readonly CaseRow[]; alpha: number }
  expectEffect(certain(caseUnitInterval(theCases(cases), error)), expected as Known, tolerance)
})

describeVectors('violation-rate gate', ({ inputs, expected, tolerance }) => {
  const { cases: rows, alpha: error } = inputs as { cases: readonly CaseRow[]; alpha: number }
  const known = expected as Record<'delta' | 'lower' | 'upper' | 'p_exact' | 'cp_upper95', number>
  const cases = theCases(rows)
  const { change, lower, upper } = certain(trialUnitInterval(cases, error))
  const events = cases.reduce((sum, one) => sum + one.candidateEvents, 0)
  const trials = cases.reduce((sum, one) => sum + one.candidateTrials, 0)
  expectClose([change, lower, upper], [known.delta, known.lower, known.upper], tolerance)
  expectClose(labelShuffle(cases, 'more').p, known.p_exact, 1e-9)
  expectClose(clopperPearson({ events, trials }, error)?.upper, known.cp_upper95, tolerance)
})

describeVectors('paired pass^3 difference', ({ inputs, expected, tolerance }) => {
  type Rows = readonly (readonly [number, number])[]
  const { baseline, candidate, k } = inputs as { baseline: Rows; candidate: Rows; k: number }
  const known = expected as { d: number[]; delta: number; D: number }
  const shares = (rows: Rows): readonly number[] =>
    rows.map(([passed, total]) => passHatK({ passed, total }, k) ?? Number.NaN)
  const before = shares(baseline)
  const differences = shares(candidate).map((share, index) => share - (before[index] ?? 0))
  const actual = certain(
    differenceInterval(
      differences.map((difference) => ({ difference })),
      alpha,
    ),
  )
  expectClose(differences, known.d, tolerance)
  expectClose([actual.change, actual.discordant], [known.delta, known.D], tolerance)
})
