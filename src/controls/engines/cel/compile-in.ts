import { AgentEvalError } from '../../../errors.ts'
import { compileExpression, type Expression } from '../../../expr/expression.ts'
import { compilePattern, type Pattern } from '../../../expr/pattern.ts'
import type { PolicyRule } from '../../../schema/policy.ts'

/**
 * An expression of a rule, compiled.
 *
 * @throws AgentEvalError (input) where it does not compile; the loader reports the same with its
 *   position, so this is the last line of defence and not the first
 */
export function compileIn(rule: PolicyRule, text: string): Expression {
  const compiled = compileExpression(text)
  if (compiled.ok) return compiled.expression
  throw notCompiled(rule, compiled.error, text)
}

/**
 * A pattern of a rule, compiled so that upper and lower case are the same to it.
 *
 * @throws AgentEvalError (input) as `compileIn`
 */
export function compilePatternIn(rule: PolicyRule, text: string): Pattern {
  const compiled = compilePattern(`(?i)${text}`)
  if (compiled.ok) return compiled.pattern
  throw notCompiled(rule, compiled.error, text)
}

function notCompiled({ id }: PolicyRule, error: string, text: string): AgentEvalError {
  return new AgentEvalError(`policy rule "${id}": ${error} in ${text}`, 'input')
}
