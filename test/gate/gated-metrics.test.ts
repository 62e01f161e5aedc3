import { describe, expect, it } from 'vitest'
import { gatedMetrics, rateMetrics } from '../../src/gate/gated-metrics.ts'
import { gateConfig, gatedMetricId } from '../../src/schema/gate-config.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'

describe('what can gate', () => {
  it('is everything that a config can name, once and in its order', () => {
    expect(gatedMetrics.map(({ id }) => id)).toEqual(gatedMetricId.options)
  })

  it('is five metrics unless more are asked for', () => {
    expect(gateConfig.parse({}).metrics).toEqual(gatedMetrics.slice(0, 5).map(({ id }) => id))
  })

  it('is bad in one direction each', () => {
    const lower = gatedMetrics.filter(({ worse }) => worse === 'lower').map(({ id }) => id)
    expect(lower).toEqual(['tsr', 'utilityUnderAttack', 'passHatK'])
    const safety = rateMetrics.filter(({ safety }) => safety).map(({ id }) => id)
    expect(safety).toEqual(['asr', 'violationRate'])
  })
})

describe('a rate', () => {
  const counted = (stats: Parameters<typeof aCaseStats>[0]): Record<string, string> => {
    const one = aCaseStats(stats)
    const covered = rateMetrics.filter((metric) => metric.covers(one))
    return Object.fromEntries(
      covered.map((metric) => [metric.id, `${metric.events(one)}/${metric.trials(one)}`]),
    )
  }

  it('of a task is its success and its violations', () => {
    expect(counted({ passed: 3, violationTrials: 1, judged: 4 })).toEqual({
      tsr: '3/5',
      violationRate: '1/4',
    })
  })

  it('of an attacked case is its utility, the attack and its violations', () => {
    expect(counted(attackedStats({ passed: 3, attackSuccesses: 2 }))).toEqual({
      utilityUnderAttack: '3/5',
      asr: '2/5',
      violationRate: '0/5',
    })
  })

  it('of an attack on a case elsewhere counts as an attack and as a task', () => {
    expect(Object.keys(counted({ attacked: 5 }))).toEqual(['tsr', 'asr', 'violationRate'])
  })
})
