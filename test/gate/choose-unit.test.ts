import { describe, expect, it } from 'vitest'
import { chooseUnit } from '../../src/gate/choose-unit.ts'
import {
  baselineWith,
  candidateWith,
  decided,
  metricOf,
  pairsOf,
  twice,
  withCosts,
} from './arms.ts'

/** Two trials with different seeds that went the same way. */
const fixed = { scored: 2, passed: 2, seeds: 2, trajectories: 1 }

describe('chooseUnit', () => {
  it('takes trials that are independent', () => {
    expect(chooseUnit(pairsOf(twice(3)), 'auto')).toBe('trial')
    expect(chooseUnit(pairsOf(twice(3, { scored: 1 })), 'auto')).toBe('trial')
    expect(chooseUnit([], 'auto')).toBe('trial')
  })

  it('takes whole cases where trials of one arm share a seed', () => {
    const shared = { seeds: 4 }
    expect(chooseUnit(pairsOf(candidateWith(twice(3), 1, shared)), 'auto')).toBe('case')
    expect(chooseUnit(pairsOf(baselineWith(twice(3), 1, shared)), 'auto')).toBe('case')
  })

  it('takes whole cases where both arms always answer alike and one was judged in two ways', () => {
    const both = twice(3, { scored: 4, seeds: 4, trajectories: 1 })
    expect(
      chooseUnit(pairsOf(candidateWith(both, 1, { passed: 2, trajectories: 1 })), 'auto'),
    ).toBe('case')
  })

  it('takes whole cases where copies of one arm were judged in two ways', () => {
    const judged = { scored: 4, passed: 2, seeds: 4, trajectories: 1 }
    for (const sides of [candidateWith(twice(3), 3, judged), baselineWith(twice(3), 3, judged)]) {
      expect(chooseUnit(pairsOf(sides), 'auto')).toBe('case')
      expect(chooseUnit(pairsOf(sides), 'trial')).toBe('case')
    }
  })

  it('does as the config says, where trials are independent', () => {
    expect(chooseUnit(pairsOf(twice(3)), 'case')).toBe('case')
    expect(chooseUnit(pairsOf(twice(3)), 'trial')).toBe('trial')
  })

  it('makes no independent evidence of shared seeds, whatever the config says', () => {
    expect(chooseUnit(pairsOf(candidateWith(twice(3), 1, { seeds: 4 })), 'trial')).toBe('case')
  })

  it('is not talked out of copies by a case that lost its trials', () => {
    const lost = { scored: 1, passed: 1, seeds: 1, trajectories: 1 }
    const both = baselineWith(candidateWith(twice(20, fixed), 1, lost), 1, lost)
    expect(chooseUnit(pairsOf(both), 'auto')).toBe('case')
  })

  it('calls no arm deterministic in whose equal answers a grader saw different things', () => {
    const alike = { scored: 4, passed: 4, seeds: 4, trajectories: 1 }
    const both = twice(3, alike)
    expect(chooseUnit(pairsOf(both), 'auto')).toBe('deterministic')
    expect(chooseUnit(pairsOf(candidateWith(both, 1, { passed: 2 })), 'auto')).toBe('case')
    expect(chooseUnit(pairsOf(candidateWith(both, 1, { violationTrials: 1 })), 'auto')).toBe('case')
    expect(chooseUnit(pairsOf(candidateWith(both, 1, { violationTrials: 4 })), 'auto')).toBe(
      'deterministic',
    )
    const attacked = { attacked: 4, exposed: 4 }
    const won = (attackSuccesses: number): string =>
      chooseUnit(pairsOf(candidateWith(both, 1, { ...attacked, attackSuccesses })), 'auto')
    expect([won(0), won(1), won(4)]).toEqual(['deterministic', 'case', 'deterministic'])
  })

  it('calls arms deterministic only when every case of both proved it', () => {
    const both = twice(3, fixed)
    expect(chooseUnit(pairsOf(both), 'auto')).toBe('deterministic')
    expect(chooseUnit(pairsOf(both), 'trial')).toBe('deterministic')
    const oneTrial = { scored: 1, passed: 1, seeds: 1 }
    expect(chooseUnit(pairsOf(candidateWith(both, 1, oneTrial)), 'auto')).toBe('case')
    const oneSeed = { seeds: 1 }
    expect(chooseUnit(pairsOf(candidateWith(both, 1, oneSeed)), 'auto')).toBe('case')
    const nothing = { scored: 0, passed: 0, seeds: 0, trajectories: 0 }
    expect(chooseUnit(pairsOf(candidateWith(both, 1, nothing)), 'auto')).toBe('case')
    const everyOnce = twice(3, { scored: 1, trajectories: 1, seeds: 1 })
    expect(chooseUnit(pairsOf(everyOnce), 'auto')).toBe('trial')
  })
})

describe('one arm that always answers alike', () => {
  it('is an agent without randomness: trials stay the unit', () => {
    for (const sides of [candidateWith(twice(3), 3, fixed), baselineWith(twice(3), 3, fixed)]) {
      expect(chooseUnit(pairsOf(sides), 'auto')).toBe('trial')
      expect(chooseUnit(pairsOf(sides), 'case')).toBe('case')
    }
  })

  it('does not hide its drop by losing its randomness', () => {
    const alike = candidateWith(twice(40), 40, { ...fixed, scored: 5, seeds: 5, passed: 5 })
    const broken = candidateWith(alike, 3, { passed: 0, trajectories: 1 })
    const tsr = metricOf(decided(broken), 'tsr')
    // Five trials and five in each of three cases: one of C(10, 5) deals each.
    expect(tsr).toMatchObject({ unit: 'trial', status: 'regression', change: -0.075 })
    expect(tsr.p).toBeCloseTo(1 / 252 ** 3, 12)
  })

  it('does not hide a drop from itself either, however few its cases', () => {
    const known = baselineWith(twice(3), 3, { ...fixed, scored: 30, seeds: 30, passed: 30 })
    const tsr = metricOf(decided(candidateWith(known, 3, { passed: 2 })), 'tsr')
    expect(tsr).toMatchObject({ unit: 'trial', status: 'regression' })
  })
})

describe('deterministic arms', () => {
  // 40 × 8 repetitions: 299 take the finest margin, one point of rules broken.
  const often = { scored: 9, passed: 9, seeds: 9, trajectories: 1 }
  const suite = twice(40, often)

  it('have no p and no interval, and pass when nothing changed', () => {
    const verdict = decided(withCosts(suite, 1))
    const tsr = metricOf(verdict, 'tsr')
    expect(tsr).toMatchObject({ status: 'pass', unit: 'deterministic', change: 0 })
    for (const key of ['p', 'pHolm', 'ciLower', 'ciUpper', 'mde'] as const) {
      for (const metric of verdict.metrics) expect(metric[key]).toBeUndefined()
    }
    expect(verdict.status).toBe('pass')
  })

  it('regress by a drop above the margin, and list every changed case', () => {
    const verdict = decided(candidateWith(suite, 3, { passed: 0 }))
    const tsr = metricOf(verdict, 'tsr')
    expect(tsr).toMatchObject({ status: 'regression', change: -0.075 })
    expect(tsr.smallRealDrop).toBeUndefined()
    expect(verdict.cases.moved.map(({ id }) => id)).toEqual(['case.000', 'case.001', 'case.002'])
    expect(verdict).toMatchObject({ status: 'regression', exitCode: 1 })
  })

  it('pass with a drop up to the margin', () => {
    const verdict = decided(candidateWith(suite, 2, { passed: 0 }))
    expect(metricOf(verdict, 'tsr')).toMatchObject({
      status: 'pass',
      change: -0.05,
      smallRealDrop: true,
    })
    expect(verdict.status).toBe('pass')
  })

  it('regress by more violations, not by fewer', () => {
    const more = decided(candidateWith(suite, 1, { violationTrials: 9 }))
    expect(metricOf(more, 'violationRate')).toMatchObject({ status: 'regression', change: 0.025 })
    const fewer = decided(baselineWith(suite, 1, { violationTrials: 9 }))
    expect(metricOf(fewer, 'violationRate')).toMatchObject({ status: 'pass', change: -0.025 })
    expect(metricOf(fewer, 'violationRate').smallRealDrop).toBeUndefined()
  })

  it('regress by cost above its margin only', () => {
    const dear = withCosts(suite, 1.2)
    expect(metricOf(decided(dear), 'costPerTask').status).toBe('regression')
    expect(metricOf(decided(withCosts(suite, 1.1)), 'costPerTask').status).toBe('pass')
    const few = withCosts(twice(2, often), 1.1)
    expect(metricOf(decided(few), 'costPerTask')).toMatchObject({
      status: 'pass',
      unit: 'deterministic',
    })
  })

  it('are not proven by one trial of each case', () => {
    const once = twice(40, { scored: 1, trajectories: 1, seeds: 1 })
    const tsr = metricOf(decided(candidateWith(once, 3, { passed: 0 })), 'tsr')
    expect(tsr.unit).toBe('trial')
    expect(tsr).toMatchObject({ status: 'inconclusive', p: 0.125 })
  })
})

describe('whole cases as the unit', () => {
  it('count a broken case once, however many copies of a trial it has', () => {
    const copies = twice(40, { seeds: 1 })
    const tsr = metricOf(decided(candidateWith(copies, 3, { passed: 0 })), 'tsr')
    expect(tsr).toMatchObject({ unit: 'case', status: 'inconclusive', p: 0.125 })
    expect(tsr.trialsNeeded).toBeUndefined()
    expect(tsr.note).toMatch(/^whole cases are the unit: about \d+ cases would settle it$/)
    const trials = metricOf(decided(candidateWith(twice(40), 3, { passed: 0 })), 'tsr')
    expect(trials.status).toBe('regression')
  })

  it('count a cluster once', () => {
    const families = twice(40, { cluster: 'refunds', seeds: 1 })
    const tsr = metricOf(decided(candidateWith(families, 20, { passed: 0 })), 'tsr')
    expect(tsr).toMatchObject({ unit: 'case', p: 0.5 })
  })
})
