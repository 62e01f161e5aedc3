import { describe, expect, it } from 'vitest'
import { renderBaselineDiff } from '../../src/report/baseline-diff.ts'
import { renderBaseline } from '../../src/report/baseline-text.ts'
import { jobSummary } from '../../src/report/markdown/job-summary.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import { renderRunOverview } from '../../src/report/run-overview.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import { baseline } from '../../src/schema/baseline.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aCaseResult, aComparison, aProvenance, aRunResult } from '../builders/result.ts'
import { aFact, aMetric, aVerdict } from '../builders/verdict.ts'
import { pass } from './examples.ts'

const { context } = pass

/** As the gate hands it on: neutral names, counts, nothing that moved. */
const verdict = aVerdict({
  status: 'regression',
  exitCode: 1,
  split: 'holdout',
  metrics: [aMetric({ status: 'regression', candidate: 0.5, change: -0.458 })],
  facts: [aFact({ message: 'rule "payout" was broken', cases: [] })],
  cases: {
    moved: [],
    added: ['holdout-0003', 'holdout-0004'],
    removed: ['holdout-removed-0001'],
    changed: [],
    idle: [{ id: 'holdout-0002', why: 'draft', passed: 1, scored: 5 }],
  },
})
const result = aRunResult({
  cases: [
    aCaseResult({ id: 'holdout-0001', passed: 2, violationTrials: 1, split: 'holdout' }),
    aCaseResult({ id: 'holdout-0002', passed: 1, status: 'draft', split: 'holdout' }),
  ],
  verdict,
})

describe('a holdout', () => {
  it('is counted in the terminal, and none of its cases named', () => {
    expect(terminal.render({ result, context })).toMatchInlineSnapshot(`
      "regression: rule "payout" was broken; tasks done fell from 95.8 % to 50.0 %
        support 1.3.0 (holdout split), candidate support_refund_agent, baseline
        baseline.json from git:merge-base:origin/main

        changes in points     now  before  change     plausible  allowed  gate
        tasks done         50.0 %  95.8 %   -45.8  -0.9 to +0.9     -5.0  FAIL
        not gated: pass^3 91.0 %, 4.2 tool calls per task, 1,204 tokens per task
        counted: tool errors 1, repeated reads 2

        fact     rule "payout" was broken

        1 case removed since the baseline
        2 cases added, not compared
        1 draft ran and does not gate

        The holdout is counted and never shown case by case.
        1 case, 5 trials, 0 lost; spent $2.64

        look at it  free  npx agent-eval show agent-eval-results/r1
        run again         npx agent-eval run evalsets/support --split holdout
        accept      no baseline accepts a broken rule of this kind; only an entry in
                    gate.waivers does, with a reason and an end date

      regression (exit 1)
      "
    `)
  })

  it('is counted in a comment, and none of its cases named', () => {
    expect(markdown.render({ result, context })).toMatchInlineSnapshot(`
      "<!-- agent-eval:comment v1 evalset=support -->
      ### agent-eval (support): regression: rule "payout" was broken; tasks done fell from 95.8 % to 50.0 %

      This fails the step (exit 1).

      - The holdout is counted and never shown case by case.

      |  | baseline | candidate | change | gate (allowed) |
      | :-- | --: | --: | --: | :-- |
      | tasks done | 95.8 % | 50.0 % | -45.8 points (-0.9 to +0.9) | **FAIL** (-5.0) |
      | tokens per task |  | 1,204 |  | not gated |

      No input of the candidate changed. If this is not chance, look at the provider.

      #### What to do next

      - **look at it** (free): \`npx agent-eval show agent-eval-results/r1\`
      - **run again**: \`npx agent-eval run evalsets/support --split holdout\`
      - **accept**: no baseline accepts a broken rule of this kind; only an entry in \`gate.waivers\` does, with a reason and an end date

      #### Cases that were not compared

      - 1 case removed since the baseline
      - 2 cases added, not compared
      - 1 draft ran and does not gate

      <details>
      <summary>more numbers</summary>

      | not gated | baseline | candidate | change | counted over |
      | :-- | --: | --: | --: | :-- |
      | pass^3 |  | 91.0 % |  |  |
      | rules broken |  | 0.0 % |  | 0/120 trials |
      | cost per task |  | $0.022 |  | 120 trials |
      | cost per solved task |  | $0.0228 |  |  |
      | tool calls per task |  | 4.2 |  | 120 trials |
      | model calls per task |  | 5.1 |  | 120 trials |
      | latency p50 |  | 4.2 s |  | 120 trials |

      - counted: tool errors 1, repeated reads 2

      </details>

      <sub>baseline \`baseline.json\` (\`git:merge-base:origin/main\`) · 1 case, 5 trials, 0 lost · spent $2.64 · \`openai:gpt-4o\` · agent-eval 0.1.0</sub>
      "
    `)
  })

  it('is counted in the overview of a run', () => {
    expect(renderRunOverview(result)).toMatchInlineSnapshot(`
      "support 1.3.0 (holdout split), candidate support_refund_agent, 1 case
      The holdout is counted and never shown case by case.

        2/5 trials passed

        1 draft ran and does not gate

      regression (exit 1)
      "
    `)
  })

  it('stays unnamed in every text of every state', () => {
    const states = [
      result,
      aRunResult({ ...result, verdict: undefined }),
      aRunResult({ ...result, verdict: { ...verdict, firstRun: true, baseline: undefined } }),
      aRunResult({ ...result, verdict: { ...verdict, status: 'inconclusive', exitCode: 0 } }),
      aComparison({ verdict }),
    ]
    for (const state of states) {
      for (const reporter of [terminal, markdown]) {
        expect(reporter.render({ result: state, context })).not.toMatch(/holdout-/)
      }
      expect(jobSummary({ result: state, context })).not.toMatch(/holdout-/)
      if (state.kind === 'RunResult') expect(renderRunOverview(state)).not.toMatch(/holdout-/)
    }
  })

  it('stays unnamed where somebody put it into a baseline', () => {
    const of = (passed: number) =>
      baseline.parse({
        apiVersion: 'agent-eval/v1',
        kind: 'Baseline',
        provenance: aProvenance(),
        severeTier: 3,
        cases: [aCaseStats(), aCaseStats({ id: 'secret', passed, split: 'holdout' })],
      })
    expect(renderBaseline(of(5))).toContain('refund.full')
    expect(renderBaseline(of(5))).not.toContain('secret')
    expect(renderBaselineDiff(of(5), of(1))).not.toContain('secret')
  })
})
