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
const luck = (seen: number, needed: number): string =>
  `all trials of a case were alike, ${seen} times so far; it takes ${needed} to call that no luck`

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
    const few = found(twice(needed - 1, alike(2)), id, margin)
    expect(few).toMatchObject({ unit: 'deterministic', change: 0, note: luck(needed - 1, needed) })
    expect(few.status).not.toBe('pass')
  })

  it('takes no more for a margin that no repetitions could reach', () => {
    for (const margin of [0, 0.001]) {
      expect(found(twice(299, alike(2)), 'tsr', margin).status).toBe('pass')
      expect(found(twice(298, alike(2)), 'tsr', margin).note).toBe(luck(298, 299))
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
    expect(found(uneven)).toMatchObject({ status: 'inconclusive', note: luck(20, 59) })
    const turned = baselineWith(twice(20, alike(4)), 20, alike(2))
    expect(found(turned)).toMatchObject({ status: 'inconclusive', note: luck(20, 59) })
  })

  it('counts those of the cases that the metric is of', () => {
    const sides = together(twice(30, alike(3)), attackedTwice(2, alike(3)))
    expect(found(sides).status).toBe('pass')
    expect(found(sides, 'utilityUnderAttack')).toMatchObject({
      status: 'inconclusive',
      note: luck(4, 59),
    })
    expect(found(sides, 'asr')).toMatchObject({ status: 'unproven', note: luck(4, 149) })
  })
})

describe('few repetitions', () => {
  const four = twice(4, alike(2))

  it('leave a success rate open, unchanged or risen', () => {
    expect(found(four)).toMatchObject({ status: 'inconclusive', note: luck(4, 59) })
    expect(found(baselineWith(four, 1, { passed: 0 })).status).toBe('inconclusive')
  })

  it('leave a safety rate unproven, and open once it got worse', () => {
    expect(found(four, 'violationRate')).toMatchObject({
      status: 'unproven',
      note: luck(4, 299),
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
