import { describe, expect, it } from 'vitest'
import { caseStatsOf } from '../../src/metrics/case-stats.ts'
import { type RunFacts, runMetricsOf } from '../../src/metrics/run-metrics.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { type RunMetrics, runMetrics } from '../../src/schema/run-metrics.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

function metricsOf(lines: readonly TrialLine[], money?: RunFacts['money']): RunMetrics {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  const cases = collector.finish()
  const stats = cases.map((one) => caseStatsOf(one, 3))
  return runMetrics.parse(runMetricsOf(cases, stats, { money }))
}

/** One trial each, of one case, numbered. */
const trials = (...changes: readonly Parameters<typeof aTrialLine>[0][]): readonly TrialLine[] =>
  changes.map((change, index) => aTrialLine({ trial: index + 1, ...change }))

describe('money of a run', () => {
  it('says nothing more where there is nothing to say', () => {
    const metrics = metricsOf(trials({}, {}))
    const said = [
      'coldCostPerTaskUsd',
      'coldCostPerSolvedTaskUsd',
      'perMonth',
      'replayed',
      'retries',
      'humanTime',
      'unpricedModels',
      'routes',
    ]
    expect(Object.keys(metrics).filter((key) => said.includes(key))).toEqual([])
    expect(metrics.tokensByKind).toEqual({ n: 2, input: 1000, output: 100 })
    expect(metricsOf([]).tokensByKind).toBeUndefined()
  })

  it('has the cost with cold caches; a trial without one costs then what it cost', () => {
    const metrics = metricsOf(
      trials(
        { costUsd: 0.02, coldCostUsd: 0.05 },
        { costUsd: 0.03 },
        { costUsd: 0.01, outcome: 'fail' },
      ),
    )
    expect(metrics.costPerTaskUsd).toEqual({ mean: 0.02, n: 3, unknown: 0 })
    expect(metrics.coldCostPerTaskUsd).toEqual({ mean: 0.03, n: 3, unknown: 0 })
    expect(metrics.costPerSolvedTaskUsd).toBe(0.03)
    expect(metrics.coldCostPerSolvedTaskUsd).toBe(0.045)
  })

  it('counts earlier attempts into the cold cost as into the other', () => {
    const metrics = metricsOf([
      aTrialLine({ outcome: 'invalid', costUsd: 0.01, coldCostUsd: 0.02 }),
      aTrialLine({ attempt: 2, costUsd: 0.02, coldCostUsd: 0.04 }),
    ])
    expect(metrics.costPerTaskUsd.mean).toBe(0.03)
    expect(metrics.coldCostPerTaskUsd?.mean).toBe(0.06)
  })

  it('makes a month only of costs that are all known', () => {
    const money = { tasksPerMonth: 100_000 }
    expect(metricsOf(trials({}, { costUsd: 0.04 }), money).perMonth).toEqual({
      tasks: 100_000,
      costUsd: 3000,
    })
    expect(metricsOf(trials({ coldCostUsd: 0.06 }, {}), money).perMonth).toEqual({
      tasks: 100_000,
      costUsd: 2000,
      coldCostUsd: 4000,
    })
    expect(metricsOf(trials({}, { costUsd: undefined }), money).perMonth).toBeUndefined()
    expect(metricsOf([], money).perMonth).toBeUndefined()
  })

  it('has means of tokens by kind over the trials whose tokens are known', () => {
    const metrics = metricsOf(
      trials(
        { cacheReadTokens: 600, cacheWriteTokens: 0, reasoningTokens: 40 },
        { cacheReadTokens: 200 },
        { inputTokens: undefined, outputTokens: undefined },
      ),
    )
    expect(metrics.tokensByKind).toEqual({
      n: 2,
      input: 1000,
      output: 100,
      cacheRead: 400,
      cacheWrite: 0,
      reasoning: 20,
    })
  })

  it('counts answers of the cassette and what was asked again, and spends only what was paid', () => {
    const metrics = metricsOf(
      trials(
        { replayed: 3, paidByRole: {} },
        { replayed: 2, paidByRole: { judge: 0.5 }, costByRole: { agent: 0.02, judge: 0.5 } },
        { retries: 4, outcome: 'invalid' },
      ),
    )
    expect([metrics.replayed, metrics.retries]).toEqual([5, 4])
    expect(metrics.costPerTaskUsd).toMatchObject({ mean: 0.02, n: 2 })
    expect(metrics.spentUsd).toEqual({ agent: 0.02, judge: 0.5 })
  })

  it('prices people by the hour, over the scored trials, beside the cost of the task', () => {
    const lines = trials({ humanMs: 90_000 }, {}, { humanMs: 5, outcome: 'invalid' })
    expect(metricsOf(lines).humanTime).toEqual({ n: 2, waitedMs: 90_000 })
    const metrics = metricsOf(lines, { humanUsdPerHour: 40 })
    expect(metrics.humanTime).toEqual({ n: 2, waitedMs: 90_000, costUsd: 1 })
    expect(metrics.costPerTaskUsd.mean).toBe(0.02)
    expect(metrics.spentUsd).toEqual({ agent: 0.06 })
  })

  it('names every model without a price once, and not more than a reader can use', () => {
    const unknown = { costUsd: undefined, unpricedModels: ['b:x', 'a:x'] }
    const metrics = metricsOf(trials(unknown, unknown, { unpricedModels: ['c:x'] }))
    expect(metrics.unpricedModels).toEqual(['a:x', 'b:x', 'c:x'])
    expect(metrics.costPerTaskUsd).toMatchObject({ n: 1, unknown: 2 })
    const many = Array.from({ length: 30 }, (_, index) => ({ unpricedModels: [`m:${index}`] }))
    expect(metricsOf(trials(...many)).unpricedModels).toHaveLength(20)
  })
})

describe('routes', () => {
  it('have a share, a success rate of their own and a cost, by tier', () => {
    const small = { route: 'small', costUsd: 0.01 }
    const frontier = { route: 'frontier', costUsd: 0.05 }
    const { routes } = metricsOf(
      trials(
        small,
        small,
        { ...small, outcome: 'fail' },
        frontier,
        {},
        { ...small, outcome: 'invalid' },
      ),
    )
    expect(routes).toMatchObject([
      {
        tier: 'frontier',
        trials: 1,
        share: 0.25,
        tsr: { rate: 1, n: 1, events: 1 },
        costPerTaskUsd: { mean: 0.05, n: 1, unknown: 0 },
      },
      {
        tier: 'small',
        trials: 3,
        share: 0.75,
        tsr: { rate: 0.666666666667, n: 3, events: 2 },
        costPerTaskUsd: { mean: 0.01, n: 3, unknown: 0 },
      },
    ])
  })

  it('count attacked tasks in share and cost, not in the success rate', () => {
    const attack = { exposed: true, succeeded: false }
    const { routes } = metricsOf([
      aTrialLine({ route: 'small', case: 'a', layer: 'adversarial', attack, costUsd: 0.03 }),
      aTrialLine({ route: 'small', case: 'b', costUsd: undefined }),
    ])
    expect(routes).toMatchObject([
      {
        trials: 2,
        share: 1,
        tsr: { n: 1, events: 1 },
        costPerTaskUsd: { mean: 0.03, n: 1, unknown: 1 },
      },
    ])
  })

  it('may be called anything', () => {
    const { routes } = metricsOf(trials({ route: '__proto__' }, { route: 'constructor' }))
    expect(routes?.map(({ share, tier }) => [tier, share])).toEqual([
      ['__proto__', 0.5],
      ['constructor', 0.5],
    ])
  })
})
