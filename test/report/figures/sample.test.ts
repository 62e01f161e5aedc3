import { expect, test } from 'vitest'
import { caseCount } from '../../../src/report/figures/sample.ts'
import { aCaseResult } from '../../builders/result.ts'

test('benign twins are counted beside the cases, not among them', () => {
  const [a, b] = [aCaseResult({ id: 'a' }), aCaseResult({ id: 'b' })]
  const twin = aCaseResult({ id: 'b~twin', twinOf: 'b' })
  expect(caseCount([a, b])).toBe('2 cases')
  expect(caseCount([a, b, twin])).toBe('2 cases and 1 benign twin')
})
