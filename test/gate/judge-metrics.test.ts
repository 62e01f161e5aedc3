import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/gate/finding.ts'
import { findMetrics, settle } from '../../src/gate/judge-metrics.ts'
import { gatedMetricId } from '../../src/schema/gate-config.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aGate, decided, healthy, metricOf, pairsOf } from './arms.ts'

const cases = (passed: number): readonly ReturnType<typeof aCaseStats>[] =>
  Array.from({ length: 30 }, (_, index) => aCaseStats({ id: `case.${index}`, passed }))

describe('what would settle a metric', () => {
  const gate = { unit: 'case' as const, metrics: ['tsr' as const] }

  it('is said where nothing was decided', () => {
    const tsr = metricOf(decided({ baseline: cases(5), candidate: cases(5) }, { gate }), 'tsr')
    expect(tsr.status).toBe('inconclusive')
    expect(tsr.note).toMatch(/^whole cases are the unit: about \d+ cases would settle it$/)
  })

  it('is of no use where something was', () => {
    const tsr = metricOf(decided({ baseline: cases(5), candidate: cases(1) }, { gate }), 'tsr')
    expect(tsr.status).toBe('regression')
    expect(tsr.note).toBeUndefined()
  })
})

/** A finding that waits for its corrected p. */
function open(p: number, changes: Partial<Finding> = {}): Finding {
  const verdict = { id: 'tsr', kind: 'rate', worse: 'lower', unit: 'trial' } as const
  const counts = { nBaseline: 5, nCandidate: 5, margin: 0.05 }
  return {
    verdict: { ...verdict, ...counts, p },
    preliminary: 'open',
    live: true,
    otherwise: 'inconclusive',
    ...changes,
  }
}

describe('findings of one decision', () => {
  const statuses = (findings: readonly Finding[], alpha = 0.05): readonly string[] =>
    settle(findings, alpha).map(({ status }) => status)

  it('share the error, the smallest p first', () => {
    const settled = settle([open(0.03), open(0.01), open(0.04)], 0.05)
    expect(settled.map(({ pHolm }) => pHolm)).toEqual([0.06, 0.03, 0.06])
    expect(settled.map(({ status }) => status)).toEqual([
      'inconclusive',
      'regression',
      'inconclusive',
    ])
  })

  it('share none of it with those that could not have alarmed', () => {
    const dead = open(1, { live: false })
    const [first, ...others] = settle([open(0.05), dead, dead], 0.05)
    expect(first).toMatchObject({ status: 'regression', pHolm: 0.05 })
    expect(others.map(({ pHolm }) => pHolm)).toEqual([undefined, undefined])
  })

  it('share it with those that passed: whether they would was not known before', () => {
    expect(statuses([open(0.03), open(0.5, { preliminary: 'pass' })])).toEqual([
      'inconclusive',
      'pass',
    ])
  })

  it('stand where nothing is open, whatever their p', () => {
    const stand = (preliminary: Finding['preliminary']): Finding => open(0.001, { preliminary })
    expect(statuses([stand('pass'), stand('n/a'), stand('regression')])).toEqual([
      'pass',
      'n/a',
      'regression',
    ])
  })

  it('become what they were going to without an alarm, with what would settle them', () => {
    const [found] = settle([open(0.5, { otherwise: 'unproven', remedy: 'more cases' })], 0.05)
    expect(found).toMatchObject({ status: 'unproven', note: 'more cases' })
    const [alarmed] = settle([open(0.01, { remedy: 'more cases' })], 0.05)
    expect(alarmed).toMatchObject({ status: 'regression' })
    expect(alarmed?.note).toBeUndefined()
  })

  it('need an error of their own at each look', () => {
    expect(statuses([open(0.03)], 0.04)).toEqual(['regression'])
    expect(statuses([open(0.03)], 0.0025)).toEqual(['inconclusive'])
  })

  it('may be none', () => {
    expect(settle([], 0.05)).toEqual([])
  })
})

describe('every metric', () => {
  it('is found once, in the order of reports', () => {
    const metrics = [...gatedMetricId.options]
    const found = findMetrics({
      pairs: pairsOf(healthy()),
      unpaired: [],
      unit: 'trial',
      gate: aGate({ metrics: metrics.toReversed() }),
      alpha: 0.05,
      lastAlpha: 0.05,
      isTimed: true,
      isPricedAlike: true,
    })
    expect(found.map(({ verdict }) => verdict.id)).toEqual(metrics)
  })
})
