import { expect, it } from 'vitest'
import { notAccepted } from '../../../src/cli/at-base/baseline-warnings.ts'
import { aFact } from '../../builders/verdict.ts'

it('says what no baseline accepts, and what does', () => {
  const facts = [aFact({ message: 'a\u001b[2J rule' }), aFact({ waivedBy: 'w', message: 'waived' })]
  const [text = '', ...others] = notAccepted(facts)
  expect(text).toMatch(
    /^warning: no baseline accepts what this run broke: a rule\. .*gate\.waivers/,
  )
  expect(others).toEqual([])
  expect(notAccepted(facts.slice(1))).toEqual([])
})
