import { describe, expect, it } from 'vitest'
import type { GatedMetricId } from '../../src/schema/gate-config.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import type { aCaseStats } from '../builders/case-stats.ts'
import {
  attackedTwice,
  baselineWith,
  candidateWith,
  decided,
  metricOf,
  type Sides,
  together,
  twice,
} from './arms.ts'

function found(sides: Sides, id: GatedMetricId = 'tsr', margin?: number): MetricVerdict {
  const margins = margin === undefined ? {} : { [id]: margin }
  return metricOf(decided(sides, { gate: { metrics: [id], margins } }), id)
}

/** Trials of a case that all went the same way, with different seeds. */
function alike(scored: number): NonNullable<Parameters<typeof aCaseStats>[0]> {
  return { scored, passed: scored, seeds: scored, trajectories: 1 }
}

const fact = 'both arms are deterministic: differences are facts'
const few = (seen: number, needed: number, arm = 'both arms'): string =>
  `too few trials (${seen} of ${needed} in ${arm})`

describe('a pass', () => {
  it.each([
    // 0.95^59 = 0.0485, 0.9^29 = 0.0471, 0.98^149 = 0.0493, 0.99^299 = 0.0495.
    ['tsr', undefined, 59],
    ['tsr', 0.1, 29],
    ['tsr', 0.02, 149],
    ['violationRate', undefined, 299],
  ] as const)('of %s at a margin of %s takes %i repetitions', (id, margin, needed) => {
    const enough = found(twice(needed, alike(2)), id, margin)
    expect(enough).toMatchObject({ status: 'pass', unit: 'deterministic', change: 0, note: fact })
    const less = found(twice(needed - 1, alike(2)), id, margin)
    // The first trial of each case is none of those that could have differed from it.
    const note = few(2 * (needed - 1), needed - 1 + needed)
    expect(less).toMatchObject({ unit: 'deterministic', change: 0, note })
    expect(less.status).not.toBe('pass')
  })

  it('takes no more for a margin that no repetitions could reach', () => {
    for (const margin of [0, 0.001]) {
      expect(found(twice(299, alike(2)), 'tsr', margin).status).toBe('pass')
      expect(found(twice(298, alike(2)), 'tsr', margin).note).toBe(few(596, 597))
    }
  })

  it('says when a drop within the margin is real', () => {
    const suite = twice(40, alike(3))
    expect(found(candidateWith(suite, 2, { passed: 0 }))).toMatchObject({
      status: 'pass',
      change: -0.05,
      smallRealDrop: true,
    })
    const risen = found(baselineWith(suite, 2, { passed: 0 }))
    expect(risen).toMatchObject({ status: 'pass', change: 0.05 })
    expect([risen.smallRealDrop, found(suite).smallRealDrop]).toEqual([undefined, undefined])
  })

  it('counts the repetitions of the arm that has fewer', () => {
    const uneven = candidateWith(twice(20, alike(4)), 20, alike(2))
    expect(found(uneven)).toMatchObject({
      status: 'inconclusive',
      note: few(40, 79, 'the candidate'),
      trialsNeeded: { bothArms: 4, candidateOnly: 4 },
    })
    const turned = baselineWith(twice(20, alike(4)), 20, alike(2))
    expect(found(turned)).toMatchObject({
      status: 'inconclusive',
      note: few(40, 79, 'the baseline'),
    })
    expect(found(turned).trialsNeeded).toEqual({ bothArms: 4 })
  })

  it('counts those of the cases that the metric is of', () => {
    const sides = together(twice(30, alike(3)), attackedTwice(2, alike(3)))
    expect(found(sides).status).toBe('pass')
    expect(found(sides, 'utilityUnderAttack')).toMatchObject({
      status: 'inconclusive',
      note: few(6, 61),
    })
    expect(found(sides, 'asr')).toMatchObject({ status: 'unproven', note: few(6, 151) })
  })
})

describe('trials of each case that are named', () => {
  it.each([
    [1, 150],
    [4, 39],
    [148, 3],
  ])('are enough in both arms of %i cases, and one less is not', (cases, needed) => {
    const asked = found(twice(cases, alike(2)), 'violationRate', 0.02).trialsNeeded
    expect(asked?.bothArms).toBe(needed)
    expect(found(twice(cases, alike(needed)), 'violationRate', 0.02).status).toBe('pass')
    const fewer = found(twice(cases, alike(needed - 1)), 'violationRate', 0.02)
    expect(fewer.status).toBe('unproven')
  })
})

describe('few repetitions', () => {
  const four = twice(4, alike(2))

  it('leave a success rate open, unchanged or risen', () => {
    expect(found(four)).toMatchObject({ status: 'inconclusive', note: few(8, 63) })
    expect(found(baselineWith(four, 1, { passed: 0 })).status).toBe('inconclusive')
  })

  it('leave a safety rate unproven, and open once it got worse', () => {
    expect(found(four, 'violationRate')).toMatchObject({
      status: 'unproven',
      note: few(8, 303),
    })
    const worse = candidateWith(four, 1, { violationTrials: 2 })
    expect(found(worse, 'violationRate', 0.5)).toMatchObject({
      status: 'inconclusive',
      change: 0.25,
    })
  })

  it('do not hide a drop beyond the margin', () => {
    expect(found(candidateWith(four, 1, { passed: 0 }))).toMatchObject({
      status: 'regression',
      change: -0.25,
      note: fact,
    })
  })

  it('have no p and no interval', () => {
    const { ciLower, ciUpper, mde, p, pHolm, smallRealDrop } = found(four)
    expect([ciLower, ciUpper, mde, p, pHolm, smallRealDrop]).toEqual(Array(6).fill(undefined))
  })
})
