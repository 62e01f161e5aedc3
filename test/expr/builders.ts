import { compileExpression, type Expression } from '../../src/expr/expression.ts'
import { fromExprValue, type Json, type JsonMembers, toExprValue } from '../../src/expr/value.ts'

/** A compiled expression; a text that does not compile fails the test. */
export function expression(text: string): Expression {
  const compiled = compileExpression(text)
  if (!compiled.ok) throw new Error(`${text}: ${compiled.error}`)
  return compiled.expression
}

/** What an expression gives over variables as JSON; an error as `error: …`. */
export function evaluate(text: string, variables: JsonMembers = {}): Json {
  const values = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, toExprValue(value)]),
  )
  const result = expression(text).evaluate(values)
  return result.ok ? fromExprValue(result.value) : `error: ${result.error}`
}
