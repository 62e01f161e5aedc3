import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jobSummary } from '../../src/report/markdown/job-summary.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import type { ReportInput } from '../../src/report/reporter.ts'
import { aCaseResult, aProvenance, aRunResult, someMetrics } from '../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../builders/verdict.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'

/** Everything that can be long, as long as somebody wants it. */
function aHugeInput(count: number, text: string): ReportInput {
  const ids = Array.from({ length: count }, (_, index) => `${text}${index}`)
  const few = ids.slice(0, 300)
  const failure = (index: number) => ({
    grader: 'says',
    reason: `${'abcdefghij'.charAt(index % 10)} ${text}`,
    count: 5,
  })
  const path = [...few.slice(0, 60), text]
  const result = aRunResult({
    provenance: aProvenance({
      tool: text,
      candidate: { ...aProvenance().candidate, models: { a: text, [text]: text } },
    }),
    cases: ids.map((id, index) =>
      aCaseResult({
        id,
        passed: 0,
        file: `cases/${'d/'.repeat(80)}x.yaml`,
        line: 1,
        failures: [failure(index)],
      }),
    ),
    metrics: someMetrics({
      lostTo: [{ reason: text, count: 2 }],
      unpricedModels: few.slice(0, 20),
      tsrWeighted: Object.fromEntries(few.map((id) => [id, { rate: 0.5, n: 5, leftOut: 1 }])),
    }),
    verdict: aVerdict({
      status: 'regression',
      exitCode: 1,
      metrics: [aMetric({ status: 'regression', p: 0.01, note: text })],
      facts: few.map((id) => aFact({ message: text, rule: id, cases: [id, ...few] })),
      missingEvidence: few,
      warnings: few,
      inputsChanged: few,
      baseline: { name: text, from: text, hash: '' },
      rules: {
        from: text,
        changes: few.map((what) => ({ what: 'evalsets', base: what, here: text, holds: 'change' })),
      },
      cases: {
        moved: ids.map((id, index) =>
          aMovedCase({
            id,
            firstFailure: failure(index),
            baselinePath: { path, count: 5 },
            candidatePath: { path: [...path.slice(0, index % 50), id], count: 5 },
          }),
        ),
        added: ids,
        removed: ids,
        changed: ids,
      },
    }),
  })
  const context = {
    evalSetName: text,
    commandPrefix: 'npx agent-eval',
    runPath: `agent-eval-results/${text}`,
    caseFileUrl: 'https://host/blob/1',
    runUrl: 'https://github.com/acme/bot/actions/runs/1',
    commit: text,
    note: text,
  }
  return { result, context }
}

const evil = hostileTexts.map(({ text }) => text)
const hostile = fc
  .tuple(fc.constantFrom(...evil, '\u{1f4a5}&|', '`', '<>', 'w'), fc.integer({ min: 1, max: 60 }))
  .map(([text, times]) => text.repeat(times).slice(0, 3000))
const sizes = fc.constantFrom(0, 1, 3, 40, 2000)

describe('whatever the result', () => {
  test('a comment is at most 60,000 bytes, keeps its head and its end, and names what is missing', () => {
    fc.assert(
      fc.property(sizes, hostile, (count, text) => {
        const comment = markdown.render(aHugeInput(count, text))
        expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(60_000)
        const [marker, heading, blank, effect] = comment.split('\n')
        expect(marker).toBe('<!-- agent-eval:comment v1 evalset=support -->')
        expect(heading).toMatch(/^### agent-eval \(support\): regression: /)
        expect([blank, effect]).toEqual([
          '',
          expect.stringMatching(/^\*\*[\d,]+ of 24 cases got worse\.\*\*|^No single case/),
        ])
        expect(comment).toContain('\n#### What to do next\n\n- **look at it** (free)')
        expect(comment.trimEnd()).toMatch(/<sub>.*<\/sub>$/)
        const isWhole = comment.includes('<summary>beside the verdict')
        expect(comment.includes('_Left out to stay below 60,000 bytes: ')).toBe(!isWhole)
      }),
      { numRuns: 15 },
    )
  })

  test('a job summary is at most 1,000,000 bytes, and names what is missing', () => {
    const summary = jobSummary(aHugeInput(2000, '\u{1f4a5}&|'.repeat(200)))
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000)
    expect(summary).toContain('_Left out to stay below 1,000,000 bytes: noise and autonomy, ')
    expect(summary).toContain(
      'The [run](https://github.com/acme/bot/actions/runs/1) has everything._',
    )
    expect(summary.trimEnd()).toMatch(/<sub>.*<\/sub>$/)
  })
})

test('sections go in a fixed order: what is closed first, then tool paths, cases, inputs', () => {
  const comment = markdown.render(aHugeInput(300, '\u{1f4a5}&|'.repeat(200)))
  expect(/_Left out to stay below 60,000 bytes: (.*)\. The \[run\]/.exec(comment)?.[1]).toMatch(
    /^noise and autonomy, more numbers, tool paths, cases that got worse, beyond three, inputs that changed, added and removed cases/,
  )
})
