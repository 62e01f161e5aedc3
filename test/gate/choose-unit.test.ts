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

  it('takes whole cases where one arm always answers alike', () => {
    expect(chooseUnit(pairsOf(candidateWith(twice(3), 3, fixed)), 'auto')).toBe('case')
    expect(chooseUnit(pairsOf(candidateWith(twice(3), 2, fixed)), 'auto')).toBe('trial')
  })

  it('does as the config says', () => {
    expect(chooseUnit(pairsOf(twice(3)), 'case')).toBe('case')
    expect(chooseUnit(pairsOf(candidateWith(twice(3), 3, fixed)), 'trial')).toBe('trial')
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

describe('deterministic arms', () => {
  const suite = twice(40, fixed)

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
    expect(metricOf(verdict, 'tsr')).toMatchObject({ status: 'regression', change: -0.075 })
    expect(verdict.cases.moved.map(({ id }) => id)).toEqual(['case.000', 'case.001', 'case.002'])
    expect(verdict).toMatchObject({ status: 'regression', exitCode: 1 })
  })

  it('pass with a drop up to the margin', () => {
    const verdict = decided(candidateWith(suite, 2, { passed: 0 }))
    expect(metricOf(verdict, 'tsr')).toMatchObject({ status: 'pass', change: -0.05 })
    expect(verdict.status).toBe('pass')
  })

  it('regress by more violations, not by fewer', () => {
    const more = decided(candidateWith(suite, 1, { violationTrials: 2 }))
    expect(metricOf(more, 'violationRate')).toMatchObject({ status: 'regression', change: 0.025 })
    const fewer = decided(baselineWith(suite, 1, { violationTrials: 2 }))
    expect(metricOf(fewer, 'violationRate')).toMatchObject({ status: 'pass', change: -0.025 })
  })

  it('regress by cost above its margin only', () => {
    const dear = withCosts(suite, 1.2)
    expect(metricOf(decided(dear), 'costPerTask').status).toBe('regression')
    expect(metricOf(decided(withCosts(suite, 1.1)), 'costPerTask').status).toBe('pass')
    const exactly = withCosts(twice(11, fixed), 1.15)
    expect(metricOf(decided(exactly), 'costPerTask')).toMatchObject({
      status: 'pass',
      change: 1.15,
    })
    const few = withCosts(twice(2, fixed), 1.1)
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
