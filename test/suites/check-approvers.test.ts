import { expect, it } from 'vitest'
import { type EvalCaseInput, evalCase } from '../../src/schema/case.ts'
import { checkApprovers } from '../../src/suites/check-approvers.ts'
import type { Finding } from '../../src/suites/problem.ts'

function check(approvers: EvalCaseInput['approvers']): readonly Finding[] {
  const expectation = { calls: [{ tool: 'look' }] }
  return checkApprovers(evalCase.parse({ id: 'a', ask: 'x', expect: expectation, approvers }))
}

it('finds approvers of whom none is asked first', () => {
  const ana = { principal: 'ana', decision: 'approve' } as const
  const stand = { ...ana, principal: 'ben', backup: true }
  expect(check('approve')).toEqual([])
  expect(check([ana, stand])).toEqual([])
  expect(check([stand])).toEqual([
    {
      path: ['approvers'],
      message: 'every approver is a backup, so nobody is asked first and none is ever asked',
    },
  ])
})
