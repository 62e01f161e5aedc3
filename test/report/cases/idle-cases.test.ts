import { expect, test } from 'vitest'
import { idleSentence } from '../../../src/report/cases/idle-cases.ts'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { renderRunOverview } from '../../../src/report/run-overview.ts'
import { sayInTerminal } from '../../../src/report/say.ts'
import { subjectOf } from '../../../src/report/subject.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import { aCaseResult, aComparison, aRunResult } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'
import { pass } from '../examples.ts'

const { context } = pass
const failure = { grader: 'says', reason: 'never said it', count: 5 }
const idle = [
  aCaseResult({ id: 'draft.a', passed: 3, status: 'draft', failures: [failure] }),
  aCaseResult({ id: 'draft.b', passed: 0, status: 'draft', violationTrials: 5 }),
  aCaseResult({ id: 'flaky', passed: 1, status: 'quarantined', attacked: 5, attackSuccesses: 5 }),
  aCaseResult({ id: 'flaky~twin', passed: 1, status: 'quarantined', twinOf: 'flaky' }),
]
const result = aRunResult({ cases: [aCaseResult(), ...idle], verdict: undefined })
const sentence =
  '2 drafts and 1 quarantined case ran and do not gate: draft.a 3/5, draft.b 0/5, flaky 1/5'

test('names what ran and does not gate, with how it went', () => {
  expect(idleSentence(subjectOf(result), sayInTerminal, 8)).toBe(sentence)
  expect(idleSentence(subjectOf(result), sayInTerminal, 1)).toBe(
    '2 drafts and 1 quarantined case ran and do not gate: draft.a 3/5 and 2 more',
  )
})

test('one is one, and none is nothing', () => {
  const withOne = aRunResult({ cases: [aCaseResult(), aCaseResult({ id: 'x', split: 'dev' })] })
  expect(idleSentence(subjectOf(withOne), sayInTerminal, 8)).toBe(
    '1 case of the dev split ran and does not gate: x 5/5',
  )
  expect(idleSentence(subjectOf(aRunResult()), sayInTerminal, 8)).toBe('')
})

test('a comparison knows them from its verdict', () => {
  const cases = { moved: [], added: [], removed: [], changed: [], suspended: ['old'] }
  const compared = aComparison({
    verdict: aVerdict({
      cases: { ...cases, idle: [{ id: 'old', why: 'quarantined', passed: 0, scored: 5 }] },
    }),
  })
  const text = terminal.render({ result: compared, context })
  expect(text).toContain('  1 case gated in the baseline and not any more: old\n')
  expect(text).toContain('  1 quarantined case ran and does not gate: old 0/5\n')
  const comment = markdown.render({ result: compared, context })
  expect(comment).toContain('- 1 case gated in the baseline and not any more: `old`\n')
  expect(comment).toContain('- 1 quarantined case ran and does not gate: `old` 0/5\n')
})

test('they are in no other list and no other number of a report', () => {
  for (const reporter of [terminal, markdown]) {
    const text = reporter.render({ result, context })
    expect(text.match(/draft\.a/g)).toHaveLength(1)
    expect(text.match(/flaky/g)).toHaveLength(1)
    expect(text).not.toMatch(/never said it|broke a rule|attack won/)
    expect(text).toContain('1 case, 5 trials, 0 lost')
  }
})

test('a run at a glance lists them below', () => {
  expect(renderRunOverview(result)).toMatchInlineSnapshot(`
    "support 1.3.0, candidate support_refund_agent, 1 case

            case         passed  rules  attack
      pass  refund.full     5/5

      2 drafts and 1 quarantined case ran and do not gate: draft.a 3/5, draft.b 0/5,
        flaky 1/5

    no verdict
    "
  `)
})

test('a run of drafts alone says that it stands on nothing', () => {
  const drafts = aRunResult({ cases: idle, verdict: undefined })
  expect(terminal.render({ result: drafts, context })).toContain('0 cases, 0 trials, 0 lost')
})
