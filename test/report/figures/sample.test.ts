import { expect, test } from 'vitest'
import { caseCount, sampleSize, spend } from '../../../src/report/figures/sample.ts'
import { subjectOf } from '../../../src/report/subject.ts'
import { someControls } from '../../builders/controls.ts'
import { aCaseResult, aRate, aRunResult } from '../../builders/result.ts'

test('benign twins are counted beside the cases, not among them', () => {
  const [a, b] = [aCaseResult({ id: 'a' }), aCaseResult({ id: 'b' })]
  const twin = aCaseResult({ id: 'b~twin', twinOf: 'b' })
  expect(caseCount([a, b])).toBe('2 cases')
  expect(caseCount([a, b, twin])).toBe('2 cases and 1 benign twin')
})

test('of a run with and without controls both halves are counted and paid for', () => {
  const propensity = { broken: aRate(1, 4, { lost: 1 }), rules: [] }
  const one = (controls: ReturnType<typeof someControls>): ReturnType<typeof subjectOf> =>
    subjectOf(aRunResult({ cases: [aCaseResult()], controls }))
  const context = { evalSetName: 'a', commandPrefix: 'x', spentUsd: 12.93, budgetUsd: 20 }
  const both = one(someControls({ propensity }))
  expect(sampleSize(both)).toBe('1 case, 5 trials with controls and 5 without, 1 lost')
  expect(spend(both, context)).toBe('spent $12.93 of $20.00 for both')
  expect(sampleSize(one(someControls()))).toBe('1 case, 5 trials, 0 lost')
})
