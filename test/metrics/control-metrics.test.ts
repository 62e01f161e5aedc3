import { describe, expect, it } from 'vitest'
import {
  type ControlledTrials,
  controlMetricsOf,
  type ObservedTrials,
} from '../../src/metrics/control-metrics.ts'
import { rateMetric } from '../../src/metrics/rate-metric.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { type ControlMetrics, runResult } from '../../src/schema/run-result.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aRunResult } from '../builders/result.ts'
import { aTrialLine, noCounts } from '../builders/trial-line.ts'

function half(lines: readonly TrialLine[], lost = 0): ControlledTrials {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  return { cases: collector.finish(), lost }
}

/** What is reported, checked against the schema of the document that it stands in. */
function metricsOf(
  lines: readonly TrialLine[],
  observed?: ObservedTrials,
  mode: TrialLine['mode'] = 'enforce',
): ControlMetrics | undefined {
  const controls = controlMetricsOf({ ...half(lines), mode }, observed)
  return runResult.parse({ ...aRunResult(), ...(controls !== undefined && { controls }) }).controls
}

const broken = (executed: number): TrialLine['violations'] => [
  { rule: 'cap', proposed: 1, executed },
]

describe('controlMetricsOf', () => {
  it('is absent where no policy judged and no control spoke', () => {
    expect(metricsOf([])).toBeUndefined()
    expect(metricsOf([aTrialLine({ violations: undefined })])).toBeUndefined()
  })

  it('is there, with zeros, where a policy judged and had nothing to say', () => {
    expect(metricsOf([aTrialLine()])).toEqual({
      rules: [],
      acted: [],
      broken: rateMetric({ events: 0, n: 1, lost: 0 }),
      blocked: 0,
      escalations: 0,
      approvals: { given: 0, refused: 0, timeouts: 0 },
      overrides: 0,
      alerts: 0,
      modified: 0,
      reviews: 0,
      fallbacks: { budget: 0, denial: 0, outage: 0 },
      engineErrors: 0,
    })
  })

  it('is there where nobody judged and a control spoke', () => {
    const recorded = { violations: undefined }
    const blocked = { counts: { ...noCounts, blocked: 1 } }
    expect(metricsOf([aTrialLine({ ...recorded, ...blocked })])).toMatchObject({ blocked: 1 })
    expect(metricsOf([aTrialLine({ ...recorded, fallback: 'outage' })])).toMatchObject({
      fallbacks: { outage: 1 },
    })
  })

  it('adds up what controls and people did, over every attempt', () => {
    const metrics = metricsOf([
      aTrialLine({
        outcome: 'invalid',
        counts: { ...noCounts, policyErrors: 9, blocked: 1, approvalTimeouts: 1 },
      }),
      aTrialLine({
        attempt: 2,
        counts: { ...noCounts, policyErrors: 3, escalations: 4, approvals: 3, overrides: 2 },
        approvalLatenciesMs: [60_000, 30_000, 90_000, 61_000],
        fallback: 'budget',
      }),
      aTrialLine({ trial: 2, counts: { ...noCounts, alerts: 5, modified: 6, reviews: 7 } }),
      aTrialLine({ trial: 3, fallback: 'denial' }),
    ])
    expect(metrics).toMatchObject({
      blocked: 1,
      escalations: 4,
      approvals: { given: 3, refused: 1, medianMs: 60_500, timeouts: 1 },
      overrides: 2,
      alerts: 5,
      modified: 6,
      reviews: 7,
      fallbacks: { budget: 1, denial: 1, outage: 0 },
      engineErrors: 12,
    })
    expect(metrics?.approvals).not.toHaveProperty('p95Ms')
  })

  it('tells how long the slowest approvals took only where there are enough of them', () => {
    const latenciesMs = Array.from({ length: 200 }, (_, index) => index + 1)
    const counts = { ...noCounts, approvals: 200 }
    const metrics = metricsOf([aTrialLine({ counts, approvalLatenciesMs: latenciesMs })])
    // numpy.quantile(range(1, 201), [0.5, 0.95]).
    expect(metrics?.approvals).toMatchObject({ medianMs: 100.5, p95Ms: 190.05, refused: 0 })
  })

  it('counts trials in which a rule was broken, also where they have no result', () => {
    const metrics = metricsOf([
      aTrialLine({ trial: 1, violations: broken(1) }),
      aTrialLine({ trial: 2, violations: broken(0) }),
      aTrialLine({ trial: 3, violations: broken(2), outcome: 'invalid' }),
      aTrialLine({ trial: 4, violations: [], outcome: 'invalid' }),
      aTrialLine({ trial: 5, violations: undefined }),
    ])
    expect(metrics?.broken).toMatchObject({ events: 2, n: 3 })
  })
})

describe('blast radius', () => {
  it('is the most of each that one trial reached, with the first that did', () => {
    const metrics = metricsOf([
      aTrialLine({ case: 'b', blast: { usd: 20, records: 3, tenants: 0 } }),
      aTrialLine({ case: 'a', trial: 2, blast: { usd: 268.5, records: 1, tenants: 0 } }),
      aTrialLine({ case: 'a', trial: 3, blast: { usd: 268.5, records: 0, tenants: 0 } }),
      aTrialLine({
        case: 'c',
        attempt: 2,
        outcome: 'invalid',
        blast: { usd: 1, records: 4, tenants: 0 },
      }),
    ])
    expect(metrics?.blastRadius).toEqual({
      usd: { most: 268.5, trial: 'a#2' },
      records: { most: 4, trial: 'c#1.a2' },
      tenants: { most: 0 },
    })
  })

  it('names trials as they are called in their run', () => {
    const blast = { usd: 0, records: 1, tenants: 2 }
    const lines = [aTrialLine({ case: 'a', mode: 'observe', blast })]
    expect(metricsOf(lines, undefined, 'observe')?.blastRadius).toMatchObject({
      records: { trial: 'a#1@observe' },
      tenants: { most: 2, trial: 'a#1@observe' },
    })
  })
})

describe('propensity', () => {
  const noAttack = rateMetric({ events: 0, n: 0, lost: 0 })

  it('is counted over the other half alone', () => {
    const observed = [1, 2, 3].map((trial) =>
      aTrialLine({ trial, mode: 'observe', violations: broken(trial === 3 ? 0 : 1) }),
    )
    const asr = rateMetric({ events: 12, n: 55, lost: 1 })
    const metrics = metricsOf([aTrialLine({ violations: broken(0) })], {
      ...half(observed, 2),
      asr,
    })
    expect(metrics).toMatchObject({
      broken: { events: 0, n: 1, lost: 0 },
      rules: [{ rule: 'cap', proposed: 1, executed: 0, prevented: 1 }],
      propensity: {
        broken: { events: 2, n: 3, lost: 2 },
        asr,
        rules: [{ rule: 'cap', proposed: 3, executed: 2, trialsWithExecuted: 2, n: 3 }],
      },
    })
  })

  it('has no rate of attacks where no case attacks, and is there although it never ran', () => {
    const metrics = metricsOf([aTrialLine({ violations: undefined })], {
      ...half([], 4),
      asr: noAttack,
    })
    expect(metrics?.propensity).toEqual({ broken: { events: 0, n: 0, lost: 4 }, rules: [] })
  })
})
