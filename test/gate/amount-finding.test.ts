import { describe, expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import { type MetricVerdict, verdict } from '../../src/schema/verdict.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { expectClose } from '../metrics/vectors.ts'
import { aGate, anArm, decided, metricOf, type Sides, today, twice, withCosts } from './arms.ts'

function cost(sides: Sides): MetricVerdict {
  return metricOf(decided(sides, { gate: { metrics: ['costPerTask'] } }), 'costPerTask')
}

/** Cases by what a trial costs in either arm; a missing amount is unknown. */
function priced(...cases: readonly (readonly [number | undefined, number | undefined])[]): Sides {
  const arm = (side: 0 | 1): Sides['baseline'] =>
    cases.map((amounts, index) => {
      const usd = amounts[side]
      return aCaseStats({
        id: `case.${String(index).padStart(3, '0')}`,
        ...(usd !== undefined && { lnCost: { n: 5, mean: Math.log(usd) } }),
      })
    })
  return { baseline: arm(0), candidate: arm(1) }
}

describe('cost per task', () => {
  it('is a ratio of typical costs, tested by the paired t on logs', () => {
    // Logs of 1, 1.1, 1.2, 1.3, 1.4. With 4 degrees of freedom t has a closed form, worked out apart.
    const found = cost(priced([1, 1], [2, 2.2], [1, 1.2], [3, 3.9], [1, 1.4]))
    expectClose(
      [found.change, found.ciLower, found.ciUpper, found.p],
      [1.19159607449, 1.04970795074, 1.35266309429, 0.02103523275],
      1e-9,
    )
    // A rise found four times in five: e^((1.645 + 0.842) · SE).
    expect(found.mde).toBeCloseTo(1.15936393, 8)
    expect(found.baseline).toBeCloseTo(6 ** 0.2, 10)
    expect(found.candidate).toBeCloseTo((2.2 * 1.2 * 3.9 * 1.4) ** 0.2, 10)
    expect(found).toMatchObject({ status: 'regression', nBaseline: 5, nCandidate: 5, margin: 1.15 })
  })

  it('passes when the upper bound is inside the margin, also when the rise is real', () => {
    expect(cost(withCosts(twice(60), 1))).toMatchObject({ status: 'pass' })
    const real = cost(withCosts(twice(60), 1.1))
    expect(real).toMatchObject({ status: 'pass', smallRealDrop: true })
    expect(cost(withCosts(twice(60), 0.5)).smallRealDrop).toBeUndefined()
  })

  it('regresses when the rise is real and may exceed the margin', () => {
    expect(cost(withCosts(twice(60), 1.3)).status).toBe('regression')
    // The bounds are a hair below and above the margin.
    expect(cost(withCosts(twice(60), 1.142)).status).toBe('pass')
    expect(cost(withCosts(twice(60), 1.149)).status).toBe('regression')
  })

  it.each([
    ['other prices', 'list 1', 'list 2', 'inconclusive'],
    ['the same prices', 'list 1', 'list 1', 'pass'],
    ['a baseline that does not say', undefined, 'list 2', 'pass'],
  ])('with %s', (_, was, is, status) => {
    const { baseline, candidate } = withCosts(twice(60), 0.5)
    const found = verdict.parse(
      decide({
        candidate: anArm(candidate, { prices: is }),
        baseline: { arm: anArm(baseline, { prices: was }), from: 'baseline.json' },
        gate: aGate({ metrics: ['costPerTask'] }),
        today,
      }),
    )
    expect(metricOf(found, 'costPerTask').status).toBe(status)
    expect(found.inputsChanged.join()).toBe(was === is ? '' : `prices: ${was ?? 'none'} → ${is}`)
  })

  it('is inconclusive for few cases, however clear they look', () => {
    const found = cost(priced([1, 9], [1, 10], [1, 11], [1, 12]))
    expect(found).toMatchObject({
      status: 'inconclusive',
      note: '4 cases are too few for an interval; it takes 5',
    })
    expect(found.change).toBeGreaterThan(9)
    expect(found.p).toBeUndefined()
    expect(cost(priced([1, 9])).note).toBe('1 case is too few for an interval; it takes 5')
  })

  describe('that changed alike in every case', () => {
    const note = 'all cases differ alike: judged by their signs'
    const alike = (cases: number, ratio: number): Sides =>
      priced(...Array.from({ length: cases }, (_, i): [number, number] => [i + 1, (i + 1) * ratio]))

    it('passes where nothing changed', () => {
      const found = cost(alike(5, 1))
      expect(found).toMatchObject({ status: 'pass', change: 1, ciLower: 1, ciUpper: 1, p: 1, note })
      expect(found.smallRealDrop).toBeUndefined()
    })

    it('regresses tenfold, by the sign test: five of five is 1 in 32', () => {
      const found = cost(alike(5, 10))
      expect(found).toMatchObject({ status: 'regression', change: 10, p: 1 / 32, note })
      expect([found.ciLower, found.ciUpper, found.mde]).toEqual([10, 10, undefined])
    })

    it('passes by a real rise within the margin, and regresses on the margin itself', () => {
      expect(cost(alike(5, 1.1))).toMatchObject({ status: 'pass', smallRealDrop: true })
      expect(cost(alike(7, 1.15)).status).toBe('regression')
      // The logs of 1.41 come back as 1.4099999999999997, which is no ratio below the margin of 1.41.
      const gate = { metrics: ['costPerTask' as const], margins: { costPerTask: 1.41 } }
      expect(metricOf(decided(alike(5, 1.41), { gate }), 'costPerTask').status).toBe('regression')
      expect(cost(alike(5, 0.2))).toMatchObject({ status: 'pass', p: 1 })
    })

    it('is inconclusive where so many signs alike are not rare enough', () => {
      const found = cost(alike(4, 10))
      expect(found.note).toBe('4 cases are too few for an interval; it takes 5')
      const strict = metricOf(
        decided(alike(6, 10), { gate: { metrics: ['costPerTask'], alpha: 0.01 } }),
        'costPerTask',
      )
      // 1 in 64 is more than 1 in 100.
      expect(strict).toMatchObject({ status: 'inconclusive', note })
      expect([strict.p, strict.ciLower]).toEqual([undefined, undefined])
      const seven = decided(alike(7, 10), { gate: { metrics: ['costPerTask'], alpha: 0.01 } })
      expect(metricOf(seven, 'costPerTask').status).toBe('regression')
    })
  })

  describe('of arms that are deterministic', () => {
    /** Twenty cases whose trials are all alike, with one cost a trial in either arm. */
    const fixed = (ratio: number): Sides => {
      const suite = twice(20, { scored: 4, seeds: 4, trajectories: 1 })
      const cost = (mean: number): Sides['baseline'] =>
        suite.baseline.map((one) => aCaseStats({ ...one, lnCost: { n: 4, mean } }))
      const before = Math.log(0.02)
      return { baseline: cost(before), candidate: cost(before + Math.log(ratio)) }
    }
    const note = 'both arms are deterministic: differences are facts'

    it('is a small real rise above 1 and up to the margin', () => {
      const real = { status: 'pass', smallRealDrop: true, unit: 'deterministic', note }
      expect(cost(fixed(1.1))).toMatchObject({ ...real, change: 1.1 })
      expect(cost(fixed(1.15))).toMatchObject({ ...real, change: 1.15 })
      expect(cost(fixed(1.01))).toMatchObject(real)
    })

    it('is none where it is as it was, cheaper, or beyond the margin', () => {
      for (const [ratio, status] of [
        [1, 'pass'],
        [0.9, 'pass'],
        [1.2, 'regression'],
      ] as const) {
        const found = cost(fixed(ratio))
        expect([found.status, found.smallRealDrop, found.note]).toEqual([status, undefined, note])
      }
    })

    it('is none below one percent, be it real or the last digits of a mean', () => {
      for (const ratio of [1.009, 1 + 2e-11]) {
        const found = cost(fixed(ratio))
        expect(found.change).toBeGreaterThan(1)
        expect(found.smallRealDrop).toBeUndefined()
      }
    })
  })

  it('is n/a when nobody knows any cost, and inconclusive when one arm does', () => {
    expect(cost(priced([undefined, undefined]))).toMatchObject({
      status: 'n/a',
      note: 'not known in either arm',
    })
    expect(cost(priced([1, undefined], [undefined, 1]))).toMatchObject({
      status: 'inconclusive',
      note: 'no case has a known amount in both arms',
      nBaseline: 1,
      nCandidate: 1,
    })
    const gone = { ...priced([1, 1]), candidate: twice(2).candidate.slice(1) }
    expect(cost({ ...gone, baseline: [...gone.baseline, twice(2).baseline[1]!] }).status).toBe(
      'inconclusive',
    )
  })

  it('says in which arm too much is unknown', () => {
    const { baseline, candidate } = withCosts(twice(60), 1)
    const lacking = (cases: Sides['baseline']): Sides['baseline'] =>
      cases.map((one, index) => (index < 7 ? aCaseStats({ id: one.id }) : one))
    expect(cost({ baseline: lacking(baseline), candidate })).toMatchObject({
      status: 'inconclusive',
      note: '35 of 300 trials of the baseline have no known amount',
    })
    const both = cost({ baseline: lacking(baseline), candidate: lacking(candidate) })
    expect(both.note).toBe(
      '35 of 300 trials of the baseline have no known amount; ' +
        '35 of 300 trials of the candidate have no known amount',
    )
    const dear = withCosts(twice(60), 1.4)
    expect(cost({ ...dear, baseline: lacking(dear.baseline) }).status).toBe('regression')
  })
})
