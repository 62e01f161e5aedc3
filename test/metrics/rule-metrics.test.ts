import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ruleMetricsOf } from '../../src/metrics/rule-metrics.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { type RuleMetric, ruleMetric } from '../../src/schema/control-figures.ts'
import type { RuleViolations, TrialLine } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

/** What is counted of these lines, checked against its schema. */
function metricsOf(lines: readonly TrialLine[]): readonly RuleMetric[] {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  return ruleMetricsOf(collector.finish()).map((one) => ruleMetric.parse(one))
}

type Violation = Partial<RuleViolations>

/** A trial that had `times` opportunities to break `cap`, and broke it so. */
function aTrial(trial: number, times: number, violation?: Violation): TrialLine {
  const violations = violation === undefined ? [] : [aViolation(violation)]
  return aTrialLine({ trial, opportunities: { cap: times }, violations })
}

function aViolation(violation: Violation): RuleViolations {
  return { rule: 'cap', proposed: 1, executed: 0, ...violation }
}

function trials(count: number, start = 1): readonly TrialLine[] {
  return Array.from({ length: count }, (_, index) => aTrial(start + index, 2))
}

describe('ruleMetricsOf', () => {
  it('bounds a rule that was never broken: 0 of 300 trials is at most 0.99 %', () => {
    const [cap, ...others] = metricsOf(trials(300))
    expect(others).toEqual([])
    expect(cap).toMatchObject({
      rule: 'cap',
      opportunities: 600,
      proposed: 0,
      executed: 0,
      prevented: 0,
      trialsWithExecuted: 0,
      n: 300,
    })
    // 1 - 0.05^(1/300); scipy.stats.beta.ppf(0.95, 1, 300).
    expect(cap?.upper).toBeCloseTo(0.009936081944457, 12)
    expect(cap).not.toHaveProperty('tier')
  })

  it('tells proposed from executed, and bounds the share of trials and not of actions', () => {
    const [cap] = metricsOf([
      ...trials(197),
      aTrial(198, 9, { proposed: 7, executed: 5 }),
      aTrial(199, 1, { proposed: 1, executed: 1 }),
      aTrial(200, 1, { proposed: 3, executed: 1 }),
    ])
    expect(cap).toMatchObject({
      // In the last trial somebody counted fewer opportunities than violations.
      opportunities: 2 * 197 + 9 + 1 + 3,
      proposed: 11,
      executed: 7,
      prevented: 4,
      trialsWithExecuted: 3,
      n: 200,
    })
    // scipy.stats.beta.ppf(0.95, 4, 197).
    expect(cap?.upper).toBeCloseTo(0.038309708498569, 12)
  })

  it('takes for prevented what a line says was, and of old lines all that was not executed', () => {
    const [cap] = metricsOf([
      aTrial(1, 9, { proposed: 7, executed: 2, prevented: 1 }),
      aTrial(2, 9, { proposed: 4, executed: 1 }),
      aTrial(3, 9, { proposed: 2, executed: 0, prevented: 0 }),
    ])
    expect(cap).toMatchObject({ proposed: 13, executed: 3, prevented: 4 })
  })

  it('rests on the trials in which the rule had something to say', () => {
    const silent = aTrialLine({ trial: 3, opportunities: {}, violations: [] })
    const never = aTrialLine({ trial: 4, opportunities: { cap: 0 }, violations: [] })
    expect(metricsOf([...trials(2), silent, never])).toMatchObject([{ rule: 'cap', n: 2 }])
    expect(metricsOf([silent, never])).toEqual([])
  })

  it('takes violations for opportunities where a line says nothing of them', () => {
    const old = (trial: number, violations: TrialLine['violations']): TrialLine =>
      aTrialLine({ trial, violations })
    const [cap] = metricsOf([old(1, [aViolation({ proposed: 2 })]), old(2, []), old(3, undefined)])
    expect(cap).toMatchObject({ opportunities: 2, n: 1, upper: 0.95 })
  })

  it('counts what an attempt without a result executed, and no such trial as one that was kept', () => {
    const lost = (trial: number, attempt: number, violation?: Violation): TrialLine => ({
      ...aTrial(trial, 1, violation),
      attempt,
      outcome: 'invalid',
    })
    const [cap] = metricsOf([
      lost(1, 1, { executed: 1 }),
      { ...aTrial(1, 1), attempt: 2 },
      lost(2, 1),
      lost(3, 1, { executed: 1 }),
      aTrial(4, 1),
    ])
    expect(cap).toMatchObject({ opportunities: 5, executed: 2, trialsWithExecuted: 2, n: 3 })
    // By bisection on the binomial distribution: P(X ≤ 2 | 3, p) = 1 - p³ = 0.05.
    expect(cap?.upper).toBeCloseTo(0.95 ** (1 / 3), 12)
  })

  it('claims nothing where no trial has a result', () => {
    const lost = { ...aTrial(1, 4), outcome: 'invalid' } as const
    expect(metricsOf([lost])).toMatchObject([{ opportunities: 4, n: 0, upper: 1 }])
  })

  it('names the worst first, with the highest tier and severity that it was broken at', () => {
    const broken = (rule: string, violation: Violation): RuleViolations =>
      aViolation({ rule, ...violation })
    const [first, ...rest] = metricsOf([
      aTrialLine({
        trial: 1,
        opportunities: { kept: 9, constructor: 1 },
        violations: [
          broken('often', { proposed: 9 }),
          broken('grave', { proposed: 1, severity: 'critical', tier: 4 }),
          broken('mild', { proposed: 5, severity: 'low' }),
          broken('ran', { executed: 1, executedTier: 2 }),
        ],
      }),
      aTrialLine({
        trial: 2,
        violations: [broken('ran', { executed: 1, tier: 3, severity: 'medium' })],
      }),
      aTrialLine({ trial: 3, violations: [broken('ran', { tier: 0, severity: 'low' })] }),
    ])
    expect(first).toMatchObject({ rule: 'ran', executed: 2, tier: 3, severity: 'medium', n: 3 })
    expect(rest.map(({ rule }) => rule)).toEqual(['grave', 'mild', 'often', 'constructor', 'kept'])
    expect(rest[0]).toMatchObject({ tier: 4, severity: 'critical' })
  })

  it('adds up whatever the order of the lines, and never bounds below what was seen', () => {
    const line = fc
      .record({
        trial: fc.integer({ min: 1, max: 12 }),
        attempt: fc.integer({ min: 1, max: 2 }),
        outcome: fc.constantFrom('pass', 'fail', 'invalid'),
        times: fc.integer({ min: 0, max: 4 }),
        proposed: fc.integer({ min: 0, max: 4 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ attempt, outcome, proposed, share, times, trial }) => {
        const executed = Math.floor(share * proposed)
        const one =
          proposed === 0 ? aTrial(trial, times) : aTrial(trial, times, { proposed, executed })
        return { ...one, attempt, outcome }
      })
    const lines = fc.uniqueArray(line, { selector: ({ attempt, trial }) => `${trial}.${attempt}` })
    fc.assert(
      fc.property(lines, (all) => {
        const [cap] = metricsOf(all)
        expect(metricsOf(all.toReversed())).toEqual(cap === undefined ? [] : [cap])
        if (cap === undefined) return
        expect(cap.prevented).toBe(cap.proposed - cap.executed)
        expect(cap.opportunities).toBeGreaterThanOrEqual(cap.proposed)
        expect(cap.trialsWithExecuted).toBeLessThanOrEqual(cap.n)
        expect(cap.upper * cap.n).toBeGreaterThanOrEqual(cap.trialsWithExecuted)
      }),
    )
  })
})
