import { describe, expect, it } from 'vitest'
import { caseSwap } from '../../src/metrics/case-swap.ts'
import { labelShuffle } from '../../src/metrics/label-shuffle.ts'
import { caseUnitInterval, trialUnitInterval } from '../../src/metrics/stratified-tango.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import { type CaseRow, theCases } from '../metrics/builders.ts'
import { expectClose } from '../metrics/vectors.ts'
import { type Asked, candidateWith, decided, metricOf, passing, times, twice } from './arms.ts'

function tsr(rows: readonly CaseRow[], asked: Asked = {}): MetricVerdict {
  const gate = { metrics: ['tsr' as const], ...asked.gate }
  return metricOf(decided(passing(rows), { ...asked, gate }), 'tsr')
}

const flaky: readonly CaseRow[] = [
  ...times(6, [5, 5, 2, 5] as const),
  ...times(4, [3, 5, 4, 5] as const),
  ...times(30, [5, 5, 5, 5] as const),
]

describe('the other unit', () => {
  const cases = theCases(flaky)
  const asTrials = { ...trialUnitInterval(cases, 0.05), p: labelShuffle(cases, 'fewer').p }
  const asCases = { ...caseUnitInterval(cases, 0.05), p: caseSwap(cases, 'fewer').p }

  it.each([
    ['trial', 'case', asTrials, asCases],
    ['case', 'trial', asCases, asTrials],
  ] as const)('of %s is %s, with its own test and interval', (unit, other, own, others) => {
    const found = tsr(flaky, { gate: { unit } })
    expect([found.unit, found.otherUnit?.unit]).toEqual([unit, other])
    expectClose([found.ciLower, found.ciUpper, found.p], [own.lower!, own.upper!, own.p], 1e-11)
    const { ciLower, ciUpper, p } = found.otherUnit!
    expectClose([ciLower, ciUpper, p], [others.lower!, others.upper!, others.p], 1e-11)
  })

  it('does not exist where nothing was left to chance', () => {
    const fixed = twice(40, { scored: 2, passed: 2, seeds: 2, trajectories: 1 })
    expect(metricOf(decided(fixed), 'tsr').otherUnit).toBeUndefined()
  })
})

describe('cases with different numbers of trials', () => {
  // Twenty cases of one trial were mended, one of a hundred lost forty: the test, which counts
  // trials, sees a drop; the mean over cases rose.
  const rows: readonly CaseRow[] = [
    ...times(20, [0, 1, 1, 1] as const),
    [100, 100, 60, 100],
    ...times(20, [1, 1, 1, 1] as const),
  ]

  it('prove no drop where the mean over cases rose', () => {
    expect(labelShuffle(theCases(rows), 'fewer').p).toBeLessThan(0.05)
    const found = tsr(rows)
    expect(found.change).toBeGreaterThan(0)
    expect(found).toMatchObject({ p: 0.5, status: 'pass' })
    expect(found.smallRealDrop).toBeUndefined()
  })

  it('raise no alarm by a rise that is uncertain', () => {
    const few = [...times(2, [0, 1, 1, 1] as const), [100, 100, 60, 100] as const]
    expect(labelShuffle(theCases(few), 'fewer').p).toBeLessThan(0.001)
    expect(tsr(few).status).toBe('inconclusive')
  })
})

describe('clusters', () => {
  const broken = candidateWith(twice(40), 8, { passed: 0 })
  const joined = broken.candidate.map((one) => ({ ...one, cluster: 'all' }))
  const gate = { metrics: ['tsr' as const], unit: 'case' as const }

  it('are those of the baseline: whoever joins all cases finds nothing otherwise', () => {
    const apart = decided(broken, { gate })
    expect(apart.status).toBe('regression')
    const redrawn = decided({ ...broken, candidate: joined }, { gate })
    expect(redrawn.metrics).toEqual(apart.metrics)
  })

  it('are those of the baseline: whoever splits them proves no more', () => {
    const before = broken.baseline.map((one) => ({ ...one, cluster: 'all' }))
    const together = metricOf(decided({ baseline: before, candidate: before }, { gate }), 'tsr')
    const split = metricOf(
      decided({ baseline: before, candidate: broken.baseline }, { gate }),
      'tsr',
    )
    expect(together.status).toBe('inconclusive')
    expect(split).toEqual(together)
  })
})

describe('trials needed', () => {
  it('are those of a last look, not of the early one that this is', () => {
    const sampling = (rounds: number): NonNullable<Asked['sampling']> => ({
      rounds,
      maxRounds: 5,
      firstLook: 1,
      notReached: new Set(),
    })
    const last = tsr(flaky, { sampling: sampling(5) })
    const first = tsr(flaky, { sampling: sampling(1) })
    expect(first.trialsNeeded).toEqual(last.trialsNeeded)
    expect(first.ciLower).toBeLessThan(last.ciLower!)
    expect(first.mde).toBeGreaterThan(last.mde!)
    const alone = tsr(flaky)
    expect(alone.trialsNeeded!.bothArms).toBeLessThanOrEqual(last.trialsNeeded!.bothArms!)
  })

  it('name no number where a baseline is short of enough by the last bits of a float', () => {
    // z² · (1 − M)/M = 2 · 2 · 2 pairs, so that 2g − 1/2 is 0 but for rounding, which made it 1e16 trials.
    const found = tsr(times(2, [2, 2, 2, 2]), { gate: { margins: { tsr: 0.25272359742376327 } } })
    expect(found.trialsNeeded).toEqual({ bothArms: 4 })
  })
})
