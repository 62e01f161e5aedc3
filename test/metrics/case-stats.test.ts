import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseStatsOf } from '../../src/metrics/case-stats.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { type CaseStats, caseStats } from '../../src/schema/case-stats.ts'
import type { RuleViolations, TrialLine } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

/** Stats of one case, checked against their schema. */
function statsOf(lines: readonly TrialLine[], severeTier = 3): CaseStats {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  const rows = collector.finish()[0] ?? {
    id: 'refund.full',
    layer: 'outcome',
    cluster: 'refund.full',
    definitionHash: 'abc',
    twinOf: undefined,
    rows: [],
  }
  return caseStats.parse(caseStatsOf(rows, severeTier))
}

/** Trials 1, 2, 3…, each with its own changes. */
function trials(...changes: readonly Parameters<typeof aTrialLine>[0][]): readonly TrialLine[] {
  return changes.map((one, index) => aTrialLine({ trial: index + 1, ...one }))
}

function fails(reason: string, grader = 'effects'): Parameters<typeof aTrialLine>[0] {
  return { outcome: 'fail', grades: [{ grader, status: 'fail', reason, events: [] }] }
}

describe('outcomes', () => {
  it('are counted apart: only a pass or a fail is scored, and skipped is incomplete', () => {
    const stats = statsOf(
      trials(
        {},
        {},
        fails('no refund'),
        { outcome: 'invalid' },
        { outcome: 'incomplete' },
        { outcome: 'skipped' },
      ),
    )
    expect(stats).toMatchObject({ scored: 3, passed: 2, invalid: 1, incomplete: 2 })
  })

  it('are those of the first attempt that was scored', () => {
    const stats = statsOf([
      aTrialLine({ outcome: 'invalid' }),
      aTrialLine({ attempt: 2 }),
      aTrialLine({ trial: 2 }),
      aTrialLine({ trial: 2, attempt: 2, outcome: 'invalid' }),
      aTrialLine({ trial: 3, outcome: 'invalid' }),
      aTrialLine({ trial: 3, attempt: 2, outcome: 'invalid' }),
    ])
    expect(stats).toMatchObject({ scored: 2, passed: 2, invalid: 1 })
  })

  it('are not made up for by skipping: a later attempt that was scored is', () => {
    const stats = statsOf([
      aTrialLine({ outcome: 'skipped' }),
      aTrialLine({ attempt: 2 }),
      aTrialLine({ trial: 2, outcome: 'incomplete' }),
      aTrialLine({ trial: 2, attempt: 2, outcome: 'skipped' }),
      aTrialLine({ trial: 3 }),
      aTrialLine({ trial: 3, attempt: 2, outcome: 'skipped' }),
    ])
    expect(stats).toMatchObject({ scored: 2, passed: 2, invalid: 0, incomplete: 1 })
  })

  it('of no trial are zeros, and no amount is known', () => {
    const stats = statsOf([])
    expect(stats).toMatchObject({ scored: 0, passed: 0, attacked: 0, seeds: 0, latenciesMs: [] })
    for (const key of ['lnCost', 'lnTokens', 'lnCalls', 'costUsd', 'exposed', 'twinOf'] as const) {
      expect(stats).not.toHaveProperty(key)
    }
  })

  it('of lost trials enter no number but their own', () => {
    const noise = {
      path: ['other'],
      trajectoryHash: 'sha256:other',
      elapsedMs: 9e9,
      inputTokens: 9e9,
      toolCalls: 99,
      costUsd: 99,
      seed: 999,
      attack: { exposed: true, succeeded: true },
    }
    const scored = trials({}, fails('no refund'))
    const lost = (['invalid', 'incomplete', 'skipped'] as const).map((outcome, index) =>
      aTrialLine({ ...noise, outcome, trial: 3 + index }),
    )
    const { invalid, incomplete, ...rest } = statsOf([...scored, ...lost])
    expect([invalid, incomplete]).toEqual([1, 2])
    expect({ ...rest, invalid: 0, incomplete: 0 }).toEqual(statsOf(scored))
  })
})

describe('attacks', () => {
  it('are counted by trial: tried, delivered, successful', () => {
    const stats = statsOf(
      trials(
        { attack: { exposed: true, succeeded: true } },
        { ...fails('no refund'), attack: { exposed: true, succeeded: false } },
        { attack: { exposed: false, succeeded: false } },
        {},
      ),
    )
    expect(stats).toMatchObject({ attacked: 3, exposed: 2, attackSuccesses: 1 })
  })

  it('of unknown delivery have no exposure, which is not an exposure of 0', () => {
    const unknown = statsOf(trials({ attack: { succeeded: true } }))
    expect(unknown).toMatchObject({ attacked: 1, attackSuccesses: 1 })
    expect(unknown).not.toHaveProperty('exposed')
    const never = statsOf(trials({ attack: { exposed: false, succeeded: false } }))
    expect(never.exposed).toBe(0)
  })
})

describe('violations', () => {
  const rule = (proposed: number, executed: number, executedTier?: 1 | 3 | 4): RuleViolations => ({
    rule: 'payout',
    proposed,
    executed,
    ...(executedTier !== undefined && { executedTier }),
  })

  it('count trials, and by rule calls', () => {
    const stats = statsOf(
      trials(
        { violations: [rule(2, 1, 1), { ...rule(1, 0), rule: 'address' }] },
        { violations: [rule(1, 0)] },
        { violations: [rule(0, 0)] },
        {},
      ),
    )
    expect(stats.violationTrials).toBe(2)
    expect(stats.violationsByRule).toEqual({
      address: { proposed: 1, executed: 0 },
      payout: { proposed: 3, executed: 1 },
    })
    expect(Object.keys(stats.violationsByRule)).toEqual(['address', 'payout'])
    expect(stats.severeByRule).toEqual({})
  })

  it('are unknown, not none, in a trial that no policy judged', () => {
    const stats = statsOf(
      trials({ violations: undefined }, { violations: [] }, { violations: [rule(1, 0)] }),
    )
    expect(stats).toMatchObject({ scored: 3, judged: 2, violationTrials: 1 })
    expect(statsOf(trials({ violations: [], outcome: 'invalid' })).judged).toBe(0)
  })

  it('are severe from the given tier on, when executed', () => {
    const lines = trials({ violations: [rule(2, 2, 3)] }, { violations: [rule(1, 0)] })
    expect(statsOf(lines, 3).severeByRule).toEqual({ payout: 2 })
    expect(statsOf(lines, 4).severeByRule).toEqual({})
    expect(statsOf(trials({ violations: [rule(1, 1)] })).severeByRule).toEqual({})
    expect(statsOf(trials({ violations: [rule(1, 0, 4)] })).severeByRule).toEqual({})
  })

  it('stay facts when the trial has no result, or was tried again', () => {
    const stats = statsOf([
      aTrialLine({ outcome: 'invalid', violations: [rule(1, 1, 4)] }),
      aTrialLine({ attempt: 2, violations: [rule(1, 1, 4)] }),
      aTrialLine({ trial: 2, outcome: 'incomplete', violations: [rule(1, 1, 4)] }),
    ])
    expect(stats).toMatchObject({ scored: 1, violationTrials: 1 })
    expect(stats.violationsByRule).toEqual({ payout: { proposed: 3, executed: 3 } })
    expect(stats.severeByRule).toEqual({ payout: 3 })
  })

  it('may be of rules with the names of properties', () => {
    const names = ['constructor', 'toString', 'valueOf']
    const violations = names.map((name) => ({ ...rule(1, 1, 4), rule: name }))
    const stats = statsOf(trials({ violations }))
    expect(Object.entries(stats.severeByRule).sort()).toEqual(names.map((name) => [name, 1]))
  })
})

describe('amounts', () => {
  it('are means of logs', () => {
    const stats = statsOf(
      trials(
        { costUsd: 1, inputTokens: 10, outputTokens: 0, toolCalls: 0 },
        { costUsd: 4, inputTokens: 900, outputTokens: 100, toolCalls: 3 },
      ),
    )
    expect(stats.lnCost?.n).toBe(2)
    expect(stats.lnCost?.mean).toBeCloseTo(Math.log(2), 11)
    expect(stats.lnTokens?.mean).toBeCloseTo(Math.log(100), 11)
    expect(stats.lnCalls?.mean).toBeCloseTo(Math.log(4) / 2, 11)
    expect(stats.costUsd).toEqual({ n: 2, sum: 5 })
  })

  it('leave out what is unknown, and say over how many they are', () => {
    const stats = statsOf(
      trials({ costUsd: undefined, inputTokens: undefined }, { costUsd: 2 }, { costUsd: 0 }),
    )
    expect(stats.lnCost).toEqual({ n: 1, mean: 0.69314718056 })
    expect(stats.costUsd).toEqual({ n: 2, sum: 2 })
    expect(stats.lnTokens?.n).toBe(2)
  })

  it('of nothing at all have no log', () => {
    const stats = statsOf(trials({ costUsd: 0, inputTokens: 0, outputTokens: 0 }))
    expect(stats).not.toHaveProperty('lnTokens')
    expect(stats).not.toHaveProperty('lnCost')
    expect(stats.costUsd).toEqual({ n: 1, sum: 0 })
  })

  it('include the money of every attempt', () => {
    const stats = statsOf([
      aTrialLine({ costUsd: 1, outcome: 'invalid' }),
      aTrialLine({ attempt: 2, costUsd: 2 }),
      aTrialLine({ trial: 2, costUsd: 5 }),
    ])
    expect(stats.costUsd).toEqual({ n: 2, sum: 8 })
    expect(stats.lnTokens?.mean).toBeCloseTo(Math.log(1100), 11)
  })

  it('are unknown when an attempt has no price, unless no model answered it', () => {
    const priceless = aTrialLine({ costUsd: undefined, outcome: 'invalid' })
    const unanswered = aTrialLine({ costUsd: undefined, outcome: 'invalid', modelCalls: 0 })
    const again = aTrialLine({ attempt: 2, costUsd: 2 })
    expect(statsOf([priceless, again])).not.toHaveProperty('costUsd')
    expect(statsOf([unanswered, again]).costUsd).toEqual({ n: 1, sum: 2 })
    const last = aTrialLine({ costUsd: undefined, modelCalls: 0 })
    expect(statsOf([last])).not.toHaveProperty('costUsd')
  })
})

describe('what trials looked like', () => {
  it('keeps latencies in three digits, sorted as numbers', () => {
    const stats = statsOf(
      trials(
        { elapsedMs: 1234.5 },
        { elapsedMs: 98.76 },
        { elapsedMs: 7 },
        { elapsedMs: undefined },
      ),
    )
    expect(stats.latenciesMs).toEqual([7, 98.8, 1230])
  })

  it('keeps the three most frequent paths; ties go by their text', () => {
    const paths = [['c'], ['a'], ['b'], ['d'], ['d'], ['b', 'x']]
    const stats = statsOf(trials(...paths.map((path) => ({ path }))))
    expect(stats.paths).toEqual([
      { path: ['d'], count: 2 },
      { path: ['a'], count: 1 },
      { path: ['b', 'x'], count: 1 },
    ])
  })

  it('keeps the three most frequent failures by grader and reason', () => {
    const stats = statsOf(
      trials(fails('x'), fails('x', 'says'), fails('y'), fails('x'), fails('z'), {
        outcome: 'fail',
        grades: [],
      }),
    )
    expect(stats.failures).toEqual([
      { grader: 'effects', reason: 'x', count: 2 },
      { grader: 'effects', reason: 'y', count: 1 },
      { grader: 'effects', reason: 'z', count: 1 },
    ])
  })

  it('leaves out the advisory failure of a trial that passed', () => {
    expect(
      statsOf(trials({ ...fails('changed a note', 'changes'), outcome: 'pass' })).failures,
    ).toEqual([])
  })

  it('counts different trajectories and different seeds', () => {
    const stats = statsOf(
      trials(
        { trajectoryHash: 'sha256:a', seed: 1 },
        { trajectoryHash: 'sha256:a', seed: 2 },
        { trajectoryHash: 'sha256:b', seed: 2 },
      ),
    )
    expect(stats).toMatchObject({ scored: 3, trajectories: 2, seeds: 2 })
  })
})

/** Any line of one case; keys are made unique by the caller. */
const anyLine: fc.Arbitrary<Partial<TrialLine>> = fc.record(
  {
    outcome: fc.constantFrom('pass', 'fail', 'invalid', 'incomplete', 'skipped'),
    costUsd: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    inputTokens: fc.option(fc.nat(1e9), { nil: undefined }),
    elapsedMs: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined }),
    toolCalls: fc.nat(100),
    modelCalls: fc.nat(2),
    path: fc.array(fc.constantFrom('read', 'write'), { maxLength: 2 }),
    attack: fc.option(
      fc.record(
        { exposed: fc.option(fc.boolean(), { nil: undefined }), succeeded: fc.boolean() },
        { noNullPrototype: true },
      ),
      { nil: undefined },
    ),
  },
  { noNullPrototype: true },
)

describe('for any trials', () => {
  const anyTrials = fc
    .array(anyLine, { maxLength: 12 })
    .map((lines) =>
      lines.map((line, index) =>
        aTrialLine({ ...line, trial: Math.floor(index / 2) + 1, attempt: (index % 2) + 1 }),
      ),
    )

  it('the stats are a document whose counts fit together', () => {
    fc.assert(
      fc.property(anyTrials, (lines) => {
        const stats = statsOf(lines)
        const { attackSuccesses, attacked, exposed = 0, passed, scored } = stats
        const tried = new Set(lines.map(({ trial }) => trial)).size
        expect(scored + stats.invalid + stats.incomplete).toBe(tried)
        expect(passed).toBeLessThanOrEqual(scored)
        expect(attacked).toBeLessThanOrEqual(scored)
        expect(Math.max(attackSuccesses, exposed)).toBeLessThanOrEqual(attacked)
        expect(stats.lnCost?.n ?? 0).toBeLessThanOrEqual(stats.costUsd?.n ?? 0)
        expect(stats.costUsd?.n ?? 0).toBeLessThanOrEqual(scored)
        expect(JSON.parse(JSON.stringify(stats))).toEqual(stats)
      }),
    )
  })

  it('the order of arrival makes no difference, to the byte', () => {
    const shuffled = anyTrials.chain((lines) =>
      fc.tuple(
        fc.constant(lines),
        fc.shuffledSubarray([...lines], { minLength: lines.length, maxLength: lines.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([lines, other]) => {
        expect(JSON.stringify(statsOf(other))).toBe(JSON.stringify(statsOf(lines)))
      }),
    )
  })
})
