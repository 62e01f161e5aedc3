import { AgentEvalError } from '../errors.ts'
import { compileExpression, type Expression, holds, variablesOf } from '../expr/expression.ts'
import { type ExprValue, type ExprVariables, toExprValue } from '../expr/value.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { stateOfSnapshot } from '../world/snapshot.ts'
import type { CallView, TrialView } from './trial-view.ts'

/** What expressions about a whole trial can name. */
const variables = {
  /** The world after the last event. */
  state: (view: TrialView): ExprValue => stateValue(view.state),
  /** Executed calls in order: `{ tool, args, result }`; the result is null where none was seen. */
  calls: (view: TrialView): ExprValue => view.calls.filter((call) => call.executed).map(executed),
  /** All proposed calls in order, whatever became of them: `{ tool, args }`. */
  proposed: (view: TrialView): ExprValue =>
    view.calls.map(({ tool, args }) => toExprValue({ tool, args })),
  /** What the user was told, one text a reply. */
  says: (view: TrialView): ExprValue => view.replies.map((reply) => reply.text),
} as const

export type TrialVariable = keyof typeof variables

/** A snapshot of a world is known in this form; converting it back would be most of the work. */
function stateValue(state: JsonValue): ExprValue {
  return isObject(state) ? stateOfSnapshot(state) : toExprValue(state)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function executed({ tool, args, value }: CallView): ExprValue {
  return toExprValue({ tool, args, result: value ?? null })
}

/** Expressions of a case over one trial, compiled together so that a trial is converted once. */
export type TrialExpressions = (
  view: TrialView,
) => readonly { readonly text: string; readonly holds: boolean; readonly error?: string }[]

/**
 * @param allowed - what these expressions may name; anything else is a mistake in the eval set
 * @throws AgentEvalError (input) where one does not compile or names something else. The loader
 *   reports the same with its position; this is the last line of defence.
 */
export function compileTrialExpressions(
  texts: readonly string[],
  allowed: readonly TrialVariable[],
): TrialExpressions {
  const expressions = texts.map(compile)
  const used = allowed.filter((name) =>
    expressions.some((each) => variablesOf(each).includes(name)),
  )
  for (const expression of expressions) {
    const unknown = variablesOf(expression).find((name) => !allowed.some((known) => known === name))
    if (unknown === undefined) continue
    throw new AgentEvalError(`unknown variable "${unknown}" in ${expression.text}`, 'input', {
      hint: `it may name ${allowed.join(', ')}`,
    })
  }
  return (view) => {
    const values: ExprVariables = Object.fromEntries(
      used.map((name) => [name, variables[name](view)]),
    )
    return expressions.map((expression) => ({
      text: expression.text,
      ...holds(expression, values),
    }))
  }
}

function compile(text: string): Expression {
  const compiled = compileExpression(text)
  if (compiled.ok) return compiled.expression
  throw new AgentEvalError(`${compiled.error} in ${text}`, 'input')
}
