import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseStatsOf } from '../../src/metrics/case-stats.ts'
import { runMetricsOf } from '../../src/metrics/run-metrics.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { type RunMetrics, runMetrics } from '../../src/schema/run-metrics.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aTrialLine, noCounts } from '../builders/trial-line.ts'

/** What is reported of a run, checked against its schema. */
function metricsOf(lines: readonly TrialLine[]): RunMetrics {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  const cases = collector.finish()
  return runMetrics.parse(
    runMetricsOf(
      cases,
      cases.map((one) => caseStatsOf(one, 3)),
    ),
  )
}

/** `passed` of `of` trials of one case. */
function trialsOf(
  id: string,
  [passed, of]: readonly [number, number],
  changes: Parameters<typeof aTrialLine>[0] = {},
): readonly TrialLine[] {
  return Array.from({ length: of }, (_, index) =>
    aTrialLine({
      case: id,
      trial: index + 1,
      outcome: index < passed ? 'pass' : 'fail',
      ...changes,
    }),
  )
}

const attacked = (exposed: boolean, succeeded: boolean): Parameters<typeof aTrialLine>[0] => ({
  layer: 'adversarial',
  attack: { exposed, succeeded },
})

describe('rates', () => {
  it('are over trials, with the interval of Wilson and the lost trials at their worst', () => {
    const { tsr } = metricsOf([
      ...trialsOf('a', [8, 9]),
      aTrialLine({ case: 'a', trial: 10, outcome: 'invalid' }),
      aTrialLine({ case: 'b', outcome: 'incomplete' }),
      aTrialLine({ case: 'b', trial: 2, outcome: 'skipped' }),
      ...trialsOf('c', [0, 1]),
    ])
    // Wilson, 8 of 10: 0.4902 to 0.9433.
    expect(tsr).toMatchObject({ rate: 0.8, events: 8, n: 10, lost: 3 })
    expect(tsr.ciLower).toBeCloseTo(0.4902, 4)
    expect(tsr.ciUpper).toBeCloseTo(0.9433, 4)
    expect(tsr.worstLower).toBeCloseTo(8 / 13, 10)
    expect(tsr.worstUpper).toBeCloseTo(11 / 13, 10)
  })

  it('have no number without a scored trial', () => {
    const none = metricsOf([aTrialLine({ outcome: 'invalid' })])
    expect(none.tsr).toEqual({ n: 0, events: 0, lost: 1 })
    expect(metricsOf([]).violationRate).toEqual({ n: 0, events: 0, lost: 0 })
  })

  it('keep tasks and attacks apart', () => {
    const metrics = metricsOf([
      ...trialsOf('task', [1, 2]),
      ...trialsOf('attack', [3, 4], attacked(true, false)),
      aTrialLine({ case: 'attack', trial: 5, ...attacked(true, true) }),
      aTrialLine({ case: 'attack', trial: 6, ...attacked(false, false) }),
    ])
    expect(metrics.tsr).toMatchObject({ events: 1, n: 2 })
    expect(metrics.utilityUnderAttack).toMatchObject({ events: 5, n: 6 })
    expect(metrics.asr).toMatchObject({ events: 1, n: 6 })
    expect(metrics.asrExposed).toMatchObject({ events: 1, n: 5, rate: 0.2 })
    expect(metrics.violationRate).toMatchObject({ events: 0, n: 8 })
  })

  it('count an attack wherever its case stands', () => {
    const metrics = metricsOf([
      aTrialLine({ attack: { exposed: true, succeeded: true } }),
      ...trialsOf('plain', [5, 5]),
    ])
    expect(metrics.asr).toMatchObject({ events: 1, n: 1 })
    expect(metrics.tsr).toMatchObject({ n: 6 })
  })

  it('count what was lost only where it could have been measured', () => {
    const metrics = metricsOf([
      aTrialLine({ outcome: 'invalid' }),
      aTrialLine({ case: 'attack', layer: 'adversarial', outcome: 'invalid' }),
      aTrialLine({ case: 'attack', layer: 'adversarial', outcome: 'incomplete', trial: 2 }),
    ])
    expect([metrics.tsr.lost, metrics.asr.lost, metrics.utilityUnderAttack.lost]).toEqual([1, 2, 2])
    expect(metrics.violationRate.lost).toBe(3)
  })

  it('leave trials that no policy judged out of the violation rate', () => {
    const violations = [{ rule: 'payout', proposed: 1, executed: 0 }]
    const metrics = metricsOf([
      aTrialLine({ trial: 1, violations: undefined }),
      aTrialLine({ trial: 2, violations }),
      aTrialLine({ trial: 3 }),
    ])
    expect(metrics.violationRate).toMatchObject({ events: 1, n: 2 })
    expect(metrics.counts).toMatchObject({ violationsProposed: 1, violationsExecuted: 0 })
  })

  it('leave unknown exposure out of the exposed rate', () => {
    const unknown = { layer: 'adversarial' as const, attack: { succeeded: true } }
    const metrics = metricsOf([
      ...trialsOf('unknown', [3, 3], unknown),
      ...trialsOf('known', [2, 2], attacked(true, false)),
    ])
    expect(metrics.asr).toMatchObject({ events: 3, n: 5 })
    expect(metrics.asrExposed).toMatchObject({ events: 0, n: 2 })
  })

  it('never exceed one, although a recording claims successes that never arrived', () => {
    const metrics = metricsOf([
      aTrialLine({ trial: 1, ...attacked(true, true) }),
      aTrialLine({ trial: 2, ...attacked(false, true) }),
    ])
    expect(metrics.asrExposed).toMatchObject({ events: 1, n: 1, rate: 1 })
  })
})

describe('twins', () => {
  it('show in utility without attack and in what was spent, and nowhere else', () => {
    const own = [...trialsOf('task', [1, 2]), ...trialsOf('attack', [1, 2], attacked(true, true))]
    const twins = trialsOf('attack.twin', [1, 3], {
      layer: 'adversarial',
      twinOf: 'attack',
      violations: [{ rule: 'payout', proposed: 1, executed: 1 }],
      elapsedMs: 9e6,
      costUsd: 7,
      costByRole: { agent: 7, judge: 1 },
      termination: 'budget',
    })
    const { utilityWithoutAttack, spentUsd, ...rest } = metricsOf([...own, ...twins])
    const { utilityWithoutAttack: before, spentUsd: spent, ...alone } = metricsOf(own)
    expect(rest).toEqual(alone)
    expect(before).toEqual({ n: 0, events: 0, lost: 0 })
    expect(utilityWithoutAttack).toMatchObject({ events: 1, n: 3 })
    expect(spent).toEqual({ agent: 0.08 })
    expect(spentUsd).toEqual({ agent: 21.08, judge: 3 })
  })
})

describe('amounts', () => {
  it('are means over the trials in which they are known', () => {
    const metrics = metricsOf([
      aTrialLine({
        trial: 1,
        costUsd: 1,
        inputTokens: 100,
        outputTokens: 20,
        toolCalls: 4,
        modelCalls: 5,
      }),
      aTrialLine({ trial: 2, costUsd: 2, inputTokens: undefined, toolCalls: 1, modelCalls: 2 }),
      aTrialLine({ trial: 3, outcome: 'invalid', costUsd: 50, toolCalls: 50, modelCalls: 50 }),
    ])
    expect(metrics.costPerTaskUsd).toEqual({ mean: 1.5, n: 2, unknown: 0 })
    expect(metrics.tokensPerTask).toEqual({ mean: 120, n: 1, unknown: 1 })
    expect(metrics.toolCallsPerTask).toEqual({ mean: 2.5, n: 2, unknown: 0 })
    expect(metrics.modelCallsPerTask).toEqual({ mean: 3.5, n: 2, unknown: 0 })
  })

  it('per solved task carry the failed ones, and need every amount', () => {
    const known = [
      aTrialLine({ trial: 1, costUsd: 1 }),
      aTrialLine({ trial: 2, costUsd: 2, outcome: 'fail' }),
    ]
    expect(metricsOf(known)).toMatchObject({ costPerSolvedTaskUsd: 3, tokensPerSolvedTask: 2200 })
    const gap = metricsOf([...known, aTrialLine({ trial: 3, costUsd: undefined })])
    expect(gap.costPerTaskUsd).toEqual({ mean: 1.5, n: 2, unknown: 1 })
    expect(gap).not.toHaveProperty('costPerSolvedTaskUsd')
    expect(gap.tokensPerSolvedTask).toBe(1650)
    const unsolved = metricsOf([aTrialLine({ outcome: 'fail' })])
    expect(unsolved).not.toHaveProperty('costPerSolvedTaskUsd')
  })

  it('are unknown, not zero, where nothing is', () => {
    const metrics = metricsOf([aTrialLine({ costUsd: undefined, inputTokens: undefined })])
    expect(metrics.costPerTaskUsd).toEqual({ n: 0, unknown: 1 })
    expect(metrics.tokensPerTask).toEqual({ n: 0, unknown: 1 })
  })

  it('of money count every attempt', () => {
    const metrics = metricsOf([
      aTrialLine({ outcome: 'invalid', costUsd: 1, costByRole: { agent: 1 } }),
      aTrialLine({ attempt: 2, costUsd: 2, costByRole: { agent: 2, user_simulator: 0.5 } }),
    ])
    expect(metrics.costPerTaskUsd).toEqual({ mean: 3, n: 1, unknown: 0 })
    expect(metrics.spentUsd).toEqual({ agent: 3, user_simulator: 0.5 })
  })
})

describe('pass^k', () => {
  it('draws from the trials that were scored', () => {
    // 4 and 5 of 5: C(4,2)/C(5,2) = 0.6 and 1, then 0.4 and 1, 0.2 and 1, 0 and 1.
    const metrics = metricsOf([...trialsOf('a', [4, 5]), ...trialsOf('b', [5, 5])])
    expect(metrics.passHatK).toEqual({ 1: 0.9, 2: 0.8, 3: 0.7, 4: 0.6, 5: 0.5 })
  })

  it('is 0.42 for two trials where 0.64 of single ones pass', () => {
    // Of C(5,2) = 10 pairs, 10, 6, 3, 1 and 1 pass: a mean of 0.42. (16/25)² would say 0.41.
    const lines = [5, 4, 3, 2, 2].flatMap((passed, index) => trialsOf(`c${index}`, [passed, 5]))
    expect(metricsOf(lines).passHatK).toMatchObject({ 1: 0.64, 2: 0.42, 5: 0.2 })
  })

  it('goes as far as the case with the fewest trials, and skips cases without any', () => {
    const metrics = metricsOf([
      ...trialsOf('a', [3, 3]),
      ...trialsOf('b', [1, 2]),
      aTrialLine({ case: 'c', outcome: 'invalid' }),
    ])
    expect(metrics.passHatK).toEqual({ 1: 0.75, 2: 0.5 })
    expect(metricsOf([]).passHatK).toEqual({})
  })

  it('is of tasks, not of attacks', () => {
    expect(metricsOf(trialsOf('attack', [1, 2], attacked(true, false))).passHatK).toEqual({})
  })
})

describe('latency', () => {
  /** 1, 2, … milliseconds. */
  const upTo = (most: number): readonly TrialLine[] =>
    Array.from({ length: most }, (_, index) =>
      aTrialLine({ trial: most - index, elapsedMs: index + 1 }),
    )

  it('interpolates between neighbours', () => {
    expect(metricsOf(upTo(4)).latencyMs).toEqual({ n: 4, p50: 2.5 })
  })

  it('names a tail only where enough trials lie in it', () => {
    expect(metricsOf(upTo(199)).latencyMs).toEqual({ n: 199, p50: 100 })
    expect(metricsOf(upTo(200)).latencyMs).toEqual({ n: 200, p50: 100.5, p95: 190.05 })
    expect(metricsOf(upTo(999)).latencyMs).not.toHaveProperty('p99')
    const { p95, p99 } = metricsOf(upTo(1000)).latencyMs
    expect([p95, p99]).toEqual([950.05, 990.01])
  })

  it('pools the trials of all own cases', () => {
    const lines = ['a', 'b'].flatMap((id, index) =>
      trialsOf(id, [1, 1], { elapsedMs: index === 0 ? 10 : 30 }),
    )
    expect(metricsOf(lines).latencyMs).toMatchObject({ n: 2, p50: 20 })
    expect(metricsOf([aTrialLine({ elapsedMs: undefined })]).latencyMs).toEqual({ n: 0 })
  })
})

describe('counts', () => {
  it('sum over the scored trials', () => {
    const counts = { ...noCounts, writesProposed: 2, toolErrors: 1, blocked: 3 }
    const violations = [{ rule: 'payout', proposed: 2, executed: 1 }]
    const metrics = metricsOf([
      aTrialLine({ trial: 1, counts, violations, termination: 'budget' }),
      aTrialLine({ trial: 2, counts, outcome: 'fail', termination: 'loop' }),
      aTrialLine({ trial: 3, counts, outcome: 'invalid', violations, termination: 'budget' }),
      aTrialLine({ trial: 4 }),
    ])
    expect(metrics.counts).toEqual({
      ...noCounts,
      writesProposed: 4,
      toolErrors: 2,
      blocked: 6,
      budgetStops: 1,
      loopStops: 1,
      violationsProposed: 2,
      violationsExecuted: 1,
    })
  })
})

describe('for any run', () => {
  const anyLine = fc.record(
    {
      case: fc.constantFrom('a', 'b', 'c'),
      outcome: fc.constantFrom('pass' as const, 'fail' as const, 'invalid' as const),
      costUsd: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
      agent: fc.double({ min: 0, max: 1e9, noNaN: true }),
      elapsedMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
    },
    { noNullPrototype: true },
  )
  const anyRun = fc
    .array(anyLine, { maxLength: 12 })
    .map((lines) =>
      lines.map(({ agent, ...line }, index) =>
        aTrialLine({ ...line, trial: index + 1, costByRole: { agent, judge: agent / 3 } }),
      ),
    )

  it('every number is finite and every rate a share', () => {
    fc.assert(
      fc.property(anyRun, (lines) => {
        const metrics = metricsOf(lines)
        expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics)
        for (const rate of [metrics.tsr, metrics.violationRate]) {
          const { ciLower = 0, ciUpper = 1, rate: share = 0, worstLower = 0, worstUpper = 1 } = rate
          expect(ciLower).toBeLessThanOrEqual(share + 1e-9)
          expect(ciUpper).toBeGreaterThanOrEqual(rate.rate ?? 0)
          expect(worstLower).toBeLessThanOrEqual(worstUpper)
          expect(worstLower).toBeGreaterThanOrEqual(0)
          expect(worstUpper).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('the order of arrival makes no difference, to the byte', () => {
    const shuffled = anyRun.chain((lines) =>
      fc.tuple(
        fc.constant(lines),
        fc.shuffledSubarray([...lines], { minLength: lines.length, maxLength: lines.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([lines, other]) => {
        expect(JSON.stringify(metricsOf(other))).toBe(JSON.stringify(metricsOf(lines)))
      }),
    )
  })
})
