import { describe, expect, it } from 'vitest'
import { type PowerInput, powerFindings } from '../../src/gate/power-findings.ts'
import type { PlannedCase } from '../../src/schema/run-manifest.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aGate } from './arms.ts'

function aPlan(changes: Partial<PlannedCase> = {}): PlannedCase {
  const { id = 'refund.full' } = changes
  return { id, layer: 'outcome', cluster: id, trials: 1, definitionHash: 'abc', ...changes }
}

const attack = aPlan({ id: 'injection.ticket', layer: 'adversarial' })
const twin = { ...attack, id: 'injection.ticket~twin', twinOf: 'injection.ticket' }

function findings(changes: Partial<PowerInput> = {}): ReturnType<typeof powerFindings> {
  return powerFindings({
    planned: [aPlan(), attack, twin],
    attacked: new Set(['injection.ticket']),
    tsr: 0.74,
    gate: aGate(),
    trials: [1, 10],
    concurrency: 4,
    ...changes,
  })
}

const measured = [
  aCaseStats({ costUsd: { n: 5, sum: 0.5 }, latenciesMs: [1000, 3000] }),
  attackedStats({ costUsd: { n: 4, sum: 0.8 }, latenciesMs: [4000] }),
  aCaseStats({ id: twin.id, layer: 'adversarial', twinOf: attack.id, costUsd: { n: 1, sum: 0.3 } }),
]

describe('cost and time', () => {
  it('are those of the baseline, of every case and twin', () => {
    const { plans, twins, unpriced } = findings({ baseline: measured })
    expect(plans.map(({ costUsd }) => costUsd)).toEqual([0.6, 6])
    // Twin: as the others on average, so 3 × 3 s in four at once.
    expect(plans.map(({ durationMs }) => durationMs)).toEqual([2250, 22_500])
    expect([twins, unpriced]).toEqual([1, 0])
  })

  it('are without what has no known price, and say how much that is', () => {
    const { plans, unpriced } = findings({ baseline: measured.slice(0, 1) })
    expect(plans[0]?.costUsd).toBe(0.1)
    expect(unpriced).toBe(2)
  })

  it('are no number where nothing is known', () => {
    const [plan] = findings().plans
    expect(plan).toEqual({ trials: 1, passChance: expect.any(Number) as number })
  })
})

describe('metrics', () => {
  it('cover the cases that they will be measured on', () => {
    const cases = findings().metrics.map(({ cases, id }) => [id, cases])
    expect(cases).toEqual([
      ['tsr', 1],
      ['utilityUnderAttack', 1],
      ['asr', 1],
      ['violationRate', 2],
    ])
  })

  it('are those that gate; what has no spread in a baseline is named', () => {
    const { metrics, notPlanned } = findings({ gate: aGate({ metrics: ['tsr', 'latencyP95'] }) })
    expect(metrics.map(({ id }) => id)).toEqual(['tsr'])
    expect(notPlanned).toEqual(['latencyP95'])
  })

  it('pass together as often as their chances multiply to', () => {
    const { metrics, plans } = findings({ baseline: measured })
    const product = metrics.reduce((sum, { reach }) => sum * (reach[1]?.passChance ?? 0), 1)
    expect(plans[1]?.passChance).toBeCloseTo(product, 9)
  })
})

describe('the unit', () => {
  it('is the trial, unless the eval set asks for cases', () => {
    expect(findings().unit).toBe('trial')
    expect(findings({ gate: aGate({ unit: 'case' }) }).unit).toBe('case')
  })

  it('is the case where trials of the baseline share seeds', () => {
    expect(findings({ baseline: [aCaseStats({ seeds: 1 })] }).unit).toBe('case')
  })

  it('is the trial where the baseline always does the same: the candidate may not', () => {
    const baseline = [aCaseStats({ trajectories: 1 })]
    expect(findings({ baseline }).unit).toBe('trial')
  })
})
