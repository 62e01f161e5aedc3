import type { Candidate } from '../schema/candidate.ts'
import { checkExpression } from './check-expression.ts'
import type { Finding } from './problem.ts'
import { inTemplate } from './world-expressions.ts'

/** What `budgets.dynamic.low_confidence` may name: one executed call. */
const resultVariables = ['output', 'tool', 'input']

/** What texts of `fallback.args` may name. */
const fallbackVariables = ['task', 'calls']

/** The expressions of a candidate outside its policy. Paths begin at its sections. */
export function checkOwnExpressions({ budgets, fallback }: Candidate): readonly Finding[] {
  const text = budgets.dynamic?.low_confidence
  const path = ['budgets', 'dynamic', 'low_confidence']
  return [
    ...(text === undefined ? [] : [{ path, text, variables: resultVariables }]),
    ...inTemplate(['fallback', 'args'], fallback?.args ?? {}, fallbackVariables),
  ].flatMap(checkExpression)
}
