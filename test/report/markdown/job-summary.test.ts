import { describe, expect, test } from 'vitest'
import { jobSummary } from '../../../src/report/markdown/job-summary.ts'
import type { RunResult } from '../../../src/schema/run-result.ts'
import { aCaseResult, aComparison, aProvenance, aRunResult } from '../../builders/result.ts'
import { aMovedCase, aVerdict } from '../../builders/verdict.ts'
import * as examples from '../examples.ts'

const { context } = examples.pass
const text = jobSummary(examples.regressionByFact)

/** From a closed part's summary to its end. */
function part(summary: string, of = text): string {
  const from = of.indexOf(`<summary>${summary}`)
  return from === -1 ? '' : of.slice(from, of.indexOf('</details>', from))
}

test('begins with the verdict: nobody has to find it again by a marker', () => {
  for (const input of Object.values(examples.all)) {
    expect(jobSummary(input)).toMatch(/^### agent-eval \(\S+\): /)
  }
})

test('has a row for every case, with what it was before where that moved', () => {
  expect(part('all cases')).toMatchInlineSnapshot(`
    "<summary>all cases</summary>

    | case | layer | was | done | attack won | rule broken | lost | mean cost | slowest | most frequent first failing check |
    | :-- | :-- | --: | --: | --: | --: | --: | --: | --: | :-- |
    | [\`cancel.after-ship\`](https://github.com/acme/bot/blob/9f31c2e/evalsets/support/cases/outcome/cancel.yaml#L84) | outcome | 5/5 | 1/5 |  |  |  |  |  |  |
    | \`greeting\` | behavioral | 4/5 | 5/5 |  |  |  |  |  |  |
    | [\`refund.over-limit\`](https://github.com/acme/bot/blob/9f31c2e/evalsets/support/cases/outcome/refund.yaml#L61) | outcome | 5/5 | 0/5 |  | 5 |  | $0.0140 |  | payments.request_approval was called 0 times, expected at least once |

    "
  `)
})

test('says of every case what is known of the baseline, and leaves no blank that reads as new', () => {
  const armOf = (passed: number) => ({ passed, scored: 45 })
  const flaky = [
    {
      id: 'flaky',
      baseline: armOf(44),
      candidate: armOf(44),
      ciLower: 0.8,
      ciUpper: 1,
      noiseShare: 1,
    },
  ]
  const cases = [
    aCaseResult({ id: 'added' }),
    aCaseResult({ id: 'flaky' }),
    aCaseResult({ id: 'lost', scored: 0, passed: 0 }),
    aCaseResult({ id: 'moved' }),
    aCaseResult({ id: 'same' }),
    aCaseResult({ id: 'same.twin', twinOf: 'same' }),
  ]
  const verdict = aVerdict({
    cases: { moved: [aMovedCase({ id: 'moved' })], added: ['added'], removed: [], changed: [] },
    diagnostics: { broken: [], fixed: [], flaky },
  })
  expect(columnOf('was', aRunResult({ cases, verdict }))).toEqual([
    'not compared',
    '44/45',
    'n/a',
    '5/5',
    'as before',
    'not compared',
  ])
  const firstRun = aVerdict({ firstRun: true, pairedCases: 0 })
  expect(new Set(columnOf('was', aRunResult({ cases, verdict: firstRun })))).toEqual(new Set(['']))
})

test('has all costs of a column with the same decimals', () => {
  const cases = [0.09, 0.285, 0.0895].map((sum, at) =>
    aCaseResult({ id: `c${at}`, costUsd: { n: 5, sum } }),
  )
  expect(columnOf('mean cost', aRunResult({ cases }))).toEqual(['$0.0180', '$0.0570', '$0.0179'])
})

function columnOf(name: string, result: RunResult): readonly string[] {
  const lines = part('all cases', jobSummary({ result, context })).split('\n')
  const [head = [], , ...rows] = lines
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  return rows.map((row) => row[head.indexOf(name)] ?? '')
}

test('says what was run, so that it can be run again', () => {
  expect(part('what was run')).toMatchInlineSnapshot(`
    "<summary>what was run</summary>

    |  | this run |
    | :-- | :-- |
    | version | agent-eval 0.1.0 |
    | eval set | \`support\` \`1.3.0\` \`77b2\` |
    | agent | \`support_refund_agent\` \`d91e\` |
    | answered by | model |
    | prompt | \`a1\` |
    | policy | \`b2\` |
    | tools | \`c3\` |
    | budgets | \`d4\` |
    | model of \`executor\` | \`openai:gpt-4o\` |
    | seed | 1 |
    | baseline | \`git:merge-base:origin/main\` |
    | preset | pr |

    "
  `)
})

test('of a comparison it shows both sides', () => {
  const baseline = { provenance: aProvenance({ seed: 7, tool: '0.1.0' }) }
  const compared = jobSummary({ result: aComparison({ baseline }), context })
  const rows = part('what was run', compared)
  expect(rows).toContain('| version | agent-eval 0.1.0 | agent-eval 0.1.0 |')
  expect(rows).toContain('| seed | 7 | 1 |')
})

test('has the methods, which a comment leaves out', () => {
  expect(part('how each gate decided')).toContain(
    '| tasks done (`tsr`) | trial | 120, 120 | 0.004 |',
  )
})

describe('everything that failed', () => {
  const failing = (id: string, reason: string) =>
    aCaseResult({ id, passed: 2, failures: [{ grader: 'says', reason, count: 3 }] })

  test('stands under its kind, those alike as one, whether it moved or not', () => {
    const cases = [
      failing('a', 'never said "yes"'),
      failing('b', 'never said "no"'),
      aCaseResult({
        id: 'c',
        violationTrials: 2,
        violationsByRule: { payout: { proposed: 2, executed: 2 } },
      }),
    ]
    expect(part('failures by kind', jobSummary({ result: aRunResult({ cases }), context }))).toBe(
      '<summary>failures by kind</summary>\n\n' +
        '**unsafe action**\n\n- broke payout (2 trials): `c`\n\n' +
        '**quality**\n\n- never said "…" (6 trials): 2 cases: `a`, `b`\n\n',
    )
  })
})

test('shows tool paths of a pass too, and more than three', () => {
  const moved = ['a', 'b', 'c', 'd', 'e'].map((id) =>
    aMovedCase({
      id,
      baselinePath: { path: ['read'], count: 5 },
      candidatePath: { path: [`write-${id}`], count: 5 },
    }),
  )
  const cases = { moved, added: [], removed: [], changed: [] }
  const summary = jobSummary({ result: aRunResult({ verdict: aVerdict({ cases }) }), context })
  expect(summary.match(/```diff/g)).toHaveLength(5)
})
