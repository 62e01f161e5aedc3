import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { rateMetrics } from '../../src/gate/gated-metrics.ts'
import { assumedRates } from '../../src/gate/planned-rates.ts'
import { type PlannedRate, planMetric } from '../../src/gate/power-plan.ts'
import { trialUnitInterval } from '../../src/metrics/stratified-tango.ts'
import type { MetricPlan } from '../../src/schema/gate-check.ts'
import type { GateConfig, GatedMetricId } from '../../src/schema/gate-config.ts'
import { dice } from '../metrics/random.ts'
import { aGate, times } from './arms.ts'

function metricOf(id: GatedMetricId): (typeof rateMetrics)[number] {
  const metric = rateMetrics.find((one) => one.id === id)
  if (metric === undefined) throw new Error(`${id} is no rate`)
  return metric
}

interface Asked {
  readonly gate?: GateConfig
  readonly id?: GatedMetricId
  readonly unit?: 'trial' | 'case'
}

/** Both arms run anew with the same trials, unless told otherwise. */
const evenArms = aGate({ baseline: { trials_factor: 1 } })

function planned(
  cases: readonly PlannedRate[],
  trials: readonly number[],
  { gate = evenArms, id = 'tsr', unit = 'trial' }: Asked = {},
): MetricPlan {
  const plan = planMetric(cases, { metric: metricOf(id), gate, unit, trials })
  if (plan === undefined) throw new Error('there is a plan')
  return plan
}

function clusters(count: number): readonly { readonly cluster: string }[] {
  return Array.from({ length: count }, (_, index) => ({ cluster: `case.${index}` }))
}

// What 4000 simulated comparisons of the statistics page came to (suite "mixed", unchanged, PASS).
test.each([
  [50, 3, 0.41],
  [50, 5, 0.57],
  [200, 1, 0.5],
  [200, 3, 0.88],
  [200, 5, 0.98],
  [400, 1, 0.76],
  [400, 3, 0.99],
])('%i cases, %i trials: an unchanged agent passes about %d of the time', (cases, trials, pass) => {
  const rates = assumedRates(clusters(cases), metricOf('tsr'), 0.74)
  const [reach] = planned(rates, [trials]).reach
  expect(Math.abs((reach?.passChance ?? 0) - pass)).toBeLessThan(0.04)
})

it('agrees with drawing both arms and asking the interval of the gate', () => {
  const shares = Array.from({ length: 80 }, (_, index) => [0.97, 0.8, 0.4, 1][index % 4] ?? 1)
  const rates = shares.map((share, index) => ({
    cluster: `case.${index}`,
    share,
    variance: share * (1 - share),
    baselineTrials: 9,
  }))
  const roll = dice(21)
  const draw = (trials: number, share: number): number =>
    times(trials, 0).filter(() => roll(10_000) < share * 10_000).length
  const rounds = 1500
  for (const trials of [2, 4]) {
    let passed = 0
    for (let round = 0; round < rounds; round += 1) {
      const counts = shares.map((share) => ({
        baselineEvents: draw(9, share),
        baselineTrials: 9,
        candidateEvents: draw(trials, share),
        candidateTrials: trials,
      }))
      if ((trialUnitInterval(counts, 0.05)?.lower ?? -1) > -0.05) passed += 1
    }
    const [reach] = planned(rates, [trials]).reach
    expect(Math.abs((reach?.passChance ?? 0) - passed / rounds)).toBeLessThan(0.05)
  }
})

describe('the smallest drop that is found', () => {
  it('is 2.486 standard errors', () => {
    const rates = assumedRates(clusters(200), metricOf('tsr'), 0.74)
    const [reach] = planned(rates, [3]).reach
    // √(2 · 0.097 / 600) = 0.01798
    expect(reach?.mde).toBeCloseTo(2.4865 * 0.017981, 4)
  })

  it('is larger where whole clusters are the unit and hang together', () => {
    const rates = assumedRates(clusters(40), metricOf('tsr'), 0.97).map((rate, index) => ({
      ...rate,
      cluster: `cluster.${index % 4}`,
    }))
    const [byTrial] = planned(rates, [20]).reach
    const [byCase] = planned(rates, [20], { unit: 'case' }).reach
    expect(byCase?.mde).toBeGreaterThan(2 * (byTrial?.mde ?? 1))
  })

  it('never grows with more trials, nor falls the chance to pass', () => {
    const anyRate = fc
      .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 30 }))
      .map(([share, baselineTrials]) => ({
        cluster: 'alone',
        share,
        variance: share * (1 - share),
        baselineTrials,
      }))
    fc.assert(
      fc.property(fc.array(anyRate, { minLength: 1, maxLength: 30 }), (rates) => {
        const { reach } = planned(rates, [1, 2, 3, 5, 10, 20])
        const later = reach.slice(1)
        later.forEach((one, index) => {
          const before = reach[index]
          expect(one.mde).toBeLessThanOrEqual((before?.mde ?? 0) + 1e-9)
          expect(one.passChance).toBeGreaterThanOrEqual((before?.passChance ?? 1) - 1e-9)
        })
      }),
      { numRuns: 60 },
    )
  })
})

describe('a safety metric without an event', () => {
  const none = assumedRates(clusters(60), metricOf('violationRate'), 0.74)

  it('proves its margin from 268 pairs on, and says before what could hide', () => {
    const plan = planned(none, [3, 4, 5], { id: 'violationRate' })
    expect(plan.reach.map(({ hides, trials }) => [trials, hides === undefined])).toEqual([
      [3, false],
      [4, false],
      [5, true],
    ])
    // z² / (180 + z²)
    expect(plan.reach[0]?.hides).toBeCloseTo(2.7055 / 182.7055, 4)
    expect(plan.trialsNeeded).toBe(5)
  })

  it('does not block an unchanged agent before, unless proof is asked for', () => {
    const plan = planned(none, [3], { id: 'violationRate' })
    expect(plan.reach[0]?.passChance).toBe(1)
    const gate = aGate({ require_proof: true, baseline: { trials_factor: 1 } })
    const strict = planned(none, [3], { id: 'violationRate', gate })
    expect(strict.reach[0]?.passChance).toBe(0)
  })
})

describe('trials needed', () => {
  const rates = assumedRates(clusters(200), metricOf('tsr'), 0.74)

  it('are those of the statistics page, and fewer against a larger baseline', () => {
    expect(planned(rates, [1]).trialsNeeded).toBe(3)
    expect(planned(rates, [1], { gate: aGate() }).trialsNeeded).toBe(2)
  })

  it('are none where the stored baseline is too small itself', () => {
    const thin = rates.map((rate) => ({ ...rate, baselineTrials: 1 }))
    expect(planned(thin, [1]).trialsNeeded).toBeUndefined()
  })
})

it('has nothing to plan without cases', () => {
  const terms = { metric: metricOf('tsr'), gate: evenArms, unit: 'trial', trials: [1] } as const
  expect(planMetric([], terms)).toBeUndefined()
})
