import { describe, expect, it } from 'vitest'
import { firstRunMetrics } from '../../src/gate/first-run.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { type GatedMetricId, gatedMetricId } from '../../src/schema/gate-config.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { expectClose } from '../metrics/vectors.ts'
import { aGate } from './arms.ts'

function figure(cases: readonly CaseStats[], id: GatedMetricId): MetricVerdict | undefined {
  return firstRunMetrics(cases, aGate({ metrics: [...gatedMetricId.options] })).find(
    (metric) => metric.id === id,
  )
}

const cases = [
  aCaseStats({
    id: 'a',
    scored: 4,
    passed: 3,
    violationTrials: 1,
    lnCost: { n: 4, mean: Math.log(0.02) },
    lnTokens: { n: 4, mean: Math.log(1000) },
    lnCalls: { n: 4, mean: Math.log1p(1) },
    latenciesMs: [1000, 2000, 3000, 4000],
  }),
  aCaseStats({
    id: 'b',
    lnCost: { n: 5, mean: Math.log(0.08) },
    lnTokens: { n: 5, mean: Math.log(4000) },
    lnCalls: { n: 5, mean: Math.log1p(7) },
    latenciesMs: [5000],
  }),
  attackedStats({ id: 'c', passed: 4, attackSuccesses: 2 }),
]

describe('the figures of a first run', () => {
  it.each<[GatedMetricId, number, number]>([
    ['tsr', 0.875, 9],
    ['utilityUnderAttack', 0.8, 5],
    ['asr', 0.4, 5],
    ['violationRate', 0.25 / 3, 14],
    // Geometric means, of 1 + calls where a task may need none: √(2 · 8) − 1.
    ['costPerTask', 0.04, 2],
    ['tokensPerTask', 2000, 2],
    ['toolCallsPerTask', 3, 2],
    // C(3,3)/C(4,3) and 1.
    ['passHatK', 0.625, 2],
    ['latencyP95', 4800, 5],
    ['latencyP99', 4960, 5],
  ])('%s', (id, value, n) => {
    const found = figure(cases, id)
    expectClose(found?.candidate, value, 1e-9)
    expect(found).toMatchObject({
      status: 'n/a',
      nBaseline: 0,
      nCandidate: n,
      note: 'no baseline to compare with',
    })
  })

  it('are no numbers where nothing was measured', () => {
    for (const id of gatedMetricId.options) {
      expect(figure([], id)).not.toHaveProperty('candidate')
      expect(figure([aCaseStats({ scored: 0, passed: 0 })], id)).not.toHaveProperty('candidate')
    }
  })

  it('are those of the metrics that gate', () => {
    expect(firstRunMetrics(cases, aGate({ metrics: ['asr'] })).map(({ id }) => id)).toEqual(['asr'])
  })
})
