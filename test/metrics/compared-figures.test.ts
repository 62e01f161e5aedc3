import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { baselineText } from '../../src/gate/baseline-document.ts'
import { caseStatsOf } from '../../src/metrics/case-stats.ts'
import { comparedFigures, type FigureArm } from '../../src/metrics/compared-figures.ts'
import { runMetricsOf } from '../../src/metrics/run-metrics.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import { baseline } from '../../src/schema/baseline.ts'
import type { RunMetrics } from '../../src/schema/run-metrics.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aCaseStats, attackedStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'
import { aTrialLine } from '../builders/trial-line.ts'

const provenance = aProvenance({ agentBehind: 'model' })

function runOf(lines: readonly TrialLine[]): FigureArm & { readonly metrics: RunMetrics } {
  const collector = collectTrials()
  for (const line of lines) collector.add(line)
  const rows = collector.finish()
  const cases = rows.map((one) => caseStatsOf(one, 3))
  return { provenance, cases, metrics: runMetricsOf(rows, cases) }
}

/** What is left of a run in the file that is committed of it. */
function committed({ cases }: FigureArm): FigureArm {
  const kind = 'Baseline' as const
  const head = { apiVersion: 'agent-eval/v1' as const, kind, provenance, severeTier: 3 }
  const read: unknown = JSON.parse(baselineText({ ...head, cases: [...cases] }))
  return { provenance, cases: baseline.parse(read).cases }
}

function armOf(cases: FigureArm['cases'], changes: Partial<FigureArm> = {}): FigureArm {
  return { provenance, cases, ...changes }
}

const trial = fc.record({
  outcome: fc.constantFrom('pass', 'fail', 'invalid', 'incomplete'),
  costUsd: fc.option(
    fc.integer({ min: 1, max: 90_000 }).map((n) => n / 1e6),
    { nil: undefined },
  ),
  elapsedMs: fc.option(fc.integer({ min: 1, max: 90_000 }), { nil: undefined }),
  toolCalls: fc.nat(9),
  exposed: fc.boolean(),
  succeeded: fc.boolean(),
  proposed: fc.nat(2),
} as const)

const kinds = ['outcome', 'adversarial', 'twin'] as const

/** Whole runs: cases of every kind, with trials that may fail, be lost, cost nothing known, break rules. */
const lines = fc
  .array(fc.tuple(fc.constantFrom(...kinds), fc.array(trial, { minLength: 1, maxLength: 6 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((cases) =>
    cases.flatMap(([kind, trials], at) =>
      trials.map(({ costUsd, elapsedMs, exposed, proposed, succeeded, ...one }, index) =>
        aTrialLine({
          ...one,
          case: `case-${at}`,
          cluster: `case-${at}`,
          trial: index + 1,
          layer: kind === 'adversarial' ? 'adversarial' : 'outcome',
          ...(kind === 'twin' && { twinOf: 'another' }),
          ...(kind === 'adversarial' && { attack: { exposed, succeeded } }),
          ...(costUsd !== undefined && { costUsd }),
          ...(elapsedMs !== undefined && { elapsedMs }),
          violations: proposed === 0 ? [] : [{ rule: 'a', proposed, executed: 0 }],
        }),
      ),
    ),
  )

describe('a run and the baseline made of it', () => {
  it('give the same number wherever they give one', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const run = runOf(all)
        const figures = comparedFigures({ baseline: committed(run), candidate: run })
        const { typicalToolCalls, typicalTokens, ...before } = figures?.baseline ?? {}
        expect(figures?.candidate).toEqual(figures?.baseline)
        for (const [name, figure] of Object.entries(before)) {
          const own = run.metrics[name as keyof typeof before]
          expect([name, told(figure)]).toEqual([name, told(own)])
        }
        // Logs come back as the amounts they were made of: between the least and the most of any trial.
        const calls = all.map(({ toolCalls }) => toolCalls)
        expect(typicalToolCalls ?? 0).toBeLessThanOrEqual(Math.max(...calls) + 1e-9)
        expect(typicalTokens ?? 1).toBeGreaterThan(0)
      }),
    )
  })

  it('leave nothing out that is told of a run with every amount known', () => {
    const run = runOf(
      ['a', 'b', 'c'].flatMap((id) =>
        [1, 2].map((n) => aTrialLine({ case: id, trial: n, costUsd: 0.01, elapsedMs: 900 * n })),
      ),
    )
    const { baseline: before } = comparedFigures({ baseline: committed(run), candidate: run }) ?? {}
    const { costPerTaskUsd, costPerSolvedTaskUsd, latencyMs, passHatK, tsr } = run.metrics
    expect(before).toMatchObject({ costPerTaskUsd, costPerSolvedTaskUsd, latencyMs, passHatK, tsr })
    expect(before).not.toHaveProperty('toolCallsPerTask')
    const { baseline: ofRun } = comparedFigures({ baseline: run, candidate: run }) ?? {}
    const { modelCallsPerTask, tokensPerTask, toolCallsPerTask } = run.metrics
    expect(ofRun).toMatchObject({ modelCallsPerTask, toolCallsPerTask })
    expect(ofRun?.tokensPerTask).toEqual(tokensPerTask.unknown === 0 ? tokensPerTask : undefined)
  })
})

/** As reports print it: trials that were lost to a case without any result are no part of a comparison. */
function told(figure: unknown): unknown {
  if (typeof figure !== 'object' || figure === null) return figure
  const ofLost = new Set(['lost', 'worstLower', 'worstUpper'])
  return Object.fromEntries(Object.entries(figure).filter(([name]) => !ofLost.has(name)))
}

const costs = (sum: number): Pick<ReturnType<typeof aCaseStats>, 'costUsd' | 'latenciesMs'> => ({
  costUsd: { n: 5, sum },
  latenciesMs: [100, 200, 300, 400, 500],
})

describe('the cases', () => {
  it('are those of both arms: an added, a removed and a changed one are in neither', () => {
    const figures = comparedFigures({
      baseline: armOf([
        aCaseStats({ id: 'a', passed: 5 }),
        aCaseStats({ id: 'gone', passed: 0 }),
        aCaseStats({ id: 'other', passed: 0, definitionHash: 'old' }),
      ]),
      candidate: armOf([
        aCaseStats({ id: 'a', passed: 4 }),
        aCaseStats({ id: 'new', passed: 0 }),
        aCaseStats({ id: 'other', passed: 0 }),
      ]),
    })
    expect(figures?.baseline.tsr).toMatchObject({ events: 5, n: 5 })
    expect(figures?.candidate.tsr).toMatchObject({ events: 4, n: 5 })
  })

  it('are none where one arm lost every trial of what they share', () => {
    const candidate = armOf([aCaseStats({ scored: 0, judged: 0, invalid: 5 })])
    expect(comparedFigures({ baseline: armOf([aCaseStats()]), candidate })).toBeUndefined()
  })

  it('are of one split, and drafts are no part of it', () => {
    const holdout = armOf([aCaseStats({ id: 'a', split: 'holdout' })])
    expect(
      comparedFigures({ baseline: armOf([aCaseStats({ id: 'a' })]), candidate: holdout }),
    ).toBe(undefined)
    const drafts = armOf([aCaseStats({ id: 'a' }), aCaseStats({ id: 'b', status: 'draft' })])
    const figures = comparedFigures({ baseline: drafts, candidate: drafts })
    expect(figures?.baseline.tsr?.n).toBe(5)
  })
})

describe('what would compare unlike things is left out', () => {
  const cases = [aCaseStats({ id: 'a', ...costs(1) }), attackedStats({ id: 'b', ...costs(2) })]
  const known = ['tsr', 'costPerTaskUsd', 'latencyMs', 'passHatK'] as const

  function namesWith(changes: Partial<FigureArm>): readonly string[] {
    const figures = comparedFigures({ baseline: armOf(cases, changes), candidate: armOf(cases) })
    return known.filter((name) => figures?.baseline[name] !== undefined)
  }

  it('nothing where both were measured alike', () => {
    expect(namesWith({})).toEqual([...known])
  })

  it('money under other prices', () => {
    const priced = (prices: string): FigureArm =>
      armOf(cases, { provenance: { ...provenance, prices } })
    const figures = comparedFigures({ baseline: priced('sha256:a'), candidate: priced('sha256:b') })
    expect(figures?.baseline).not.toHaveProperty('costPerTaskUsd')
    expect(figures?.baseline).toHaveProperty('tsr')
  })

  it('money that is known of some trials only', () => {
    const some = cases.map((one) => ({ ...one, costUsd: { n: 4, sum: 1 } }))
    expect(namesWith({ cases: some })).not.toContain('costPerTaskUsd')
  })

  it('times that only one arm measured', () => {
    const declared = { provenance: { ...provenance, agentBehind: 'reference' as const } }
    expect(namesWith(declared)).toEqual(['tsr', 'costPerTaskUsd', 'passHatK'])
  })

  it('pools of trials in other proportions, but not a mean over cases', () => {
    const more = { scored: 20, passed: 20, judged: 20, attacked: 20, exposed: 20 }
    const unequal = cases.map((one) => (one.id === 'b' ? { ...one, ...more } : one))
    expect(namesWith({ cases: unequal })).toEqual(['passHatK'])
  })

  it('but no pool because an arm has three times as many trials of every case, or lost one', () => {
    const thrice = { scored: 15, passed: 15, judged: 15, costUsd: { n: 15, sum: 3 } }
    const baselineCases = [aCaseStats({ id: 'a', ...costs(1), ...thrice })]
    const lostOne = { scored: 4, passed: 4, judged: 4, invalid: 1, costUsd: { n: 4, sum: 2 } }
    const figures = comparedFigures({
      baseline: armOf(baselineCases),
      candidate: armOf([aCaseStats({ id: 'a', ...costs(2), ...lostOne })]),
    })
    expect(figures?.baseline.costPerTaskUsd?.mean).toBeCloseTo(0.2, 12)
    expect(figures?.candidate.costPerTaskUsd?.mean).toBeCloseTo(0.5, 12)
    expect(Object.keys(figures?.baseline.passHatK ?? {})).toHaveLength(15)
  })
})

test('what a typical task takes is a geometric mean over cases', () => {
  const cases = [2, 8].map((calls, at) =>
    aCaseStats({
      id: `case-${at}`,
      lnCalls: { n: 5, mean: Math.log1p(calls) },
      lnTokens: { n: 5, mean: Math.log(100 * calls) },
    }),
  )
  const figures = comparedFigures({ baseline: armOf(cases), candidate: armOf(cases) })
  // By hand: √(3 · 9) − 1 and √(200 · 800).
  expect(figures?.baseline.typicalToolCalls).toBeCloseTo(Math.sqrt(27) - 1, 10)
  expect(figures?.baseline.typicalTokens).toBeCloseTo(400, 8)
})
