import type { Approver, EvalCaseInput } from '../../src/schema/case.ts'
import { aCase } from './case.ts'

type Written = Exclude<NonNullable<EvalCaseInput['approvers']>, string>

/** Approvers as a case writes them, with what it leaves open filled in. */
export function someApprovers(...approvers: Written): readonly Approver[] & Approver[] {
  const parsed = aCase({ expect: { calls: [{ tool: 'look' }] }, approvers }).approvers
  if (typeof parsed === 'string') throw new Error('no list of approvers')
  return parsed
}
