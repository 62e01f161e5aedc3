import { expect, it } from 'vitest'
import { lintEvalSet } from '../../src/lint/lint-evalset.ts'
import { withoutJudge } from '../../src/lint/without-judge.ts'
import type { LintResult } from '../../src/schema/lint-result.ts'
import { anExpectation } from '../builders/case.ts'
import { loadedFrom, refundDesk, refundDeskWith } from '../suites/memory-folder.ts'

const refund = 'cases/outcome/refund.yaml'
const evalset = 'evalset.yaml'

it('takes only the judge out of an expectation', () => {
  const computed = anExpectation({ says: [{ any: 'Done' }] })
  expect(withoutJudge({ ...computed, judge: ['polite'] })).toEqual(computed)
  expect(withoutJudge(computed)).toBe(computed)
})

async function lintWith(files: Readonly<Record<string, string>>): Promise<LintResult> {
  return lintEvalSet({ evalSet: await loadedFrom(refundDeskWith(files)), modules: new Map() })
}

const rubric = {
  [evalset]: `${refundDesk[evalset]}judge: { model: "stored:demo" }\n`,
  'rubric.yaml':
    'apiVersion: agent-eval/v1\ncriteria: [{ id: polite, question: Is the agent polite? }]\n',
}

it('judges a case by the same agents and mutants, with a judge or without', async () => {
  const plain = await lintWith({})
  const judged = await lintWith({
    ...rubric,
    [refund]: refundDesk[refund].replace('expect:\n', 'expect:\n  judge: [polite]\n'),
  })
  expect(judged.cases).toEqual(plain.cases)
  expect(judged.figures).toEqual(plain.figures)
})

it('lets no judge make up for a case that asks for nothing else', async () => {
  const text = `id: x
ask: Hello?
expect: { says: [{ must_not: guarantee }], judge: [polite] }
oracle: [{ say: Hello. }]
`
  const { findings } = await lintWith({ ...rubric, 'cases/outcome/x.yaml': text })
  const found = findings.filter((finding) => finding.case === 'x').map(({ rule }) => rule)
  expect(found).toContain('expectation-vacuous')
  expect(found).toContain('null-agent-passes')
})
