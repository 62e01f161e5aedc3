import { AgentEvalError } from '../errors.ts'
import { compileExpression, type Expression, holds } from '../expr/expression.ts'
import { type ExprValue, isExprList, isExprMap } from '../expr/value.ts'
import type { DynamicBudget } from '../schema/budgets.ts'
import type { Effect } from '../schema/names.ts'
import type { ExecutedCall } from './executed-call.ts'

/** Looks in what tools return for signs that the agent is on a wrong track. */
export interface BadSigns {
  /** The signs that this call was the last straw for, in words. Each comes once. */
  readonly note: (call: ExecutedCall, effect: Effect | undefined) => readonly string[]
}

/**
 * Watches the executed calls of one trial.
 *
 * A sign is no control: an expression that errs, or gives no boolean, is no sign.
 *
 * @throws AgentEvalError (input) where the expression does not compile; the loader reports the same
 *   with its position
 */
export function badSigns({ empty_results, low_confidence }: DynamicBudget): BadSigns {
  const doubts = low_confidence === undefined ? undefined : compiled(low_confidence)
  const seen = new Set<'empty' | 'doubt'>()
  let empty = 0
  return {
    note(call, effect) {
      const { args, result, tool } = partsOf(call)
      // Writes in between say nothing of what is found.
      if (effect === 'read') empty = isEmpty(result) ? empty + 1 : 0
      const signs: string[] = []
      if (empty_results !== undefined && empty >= empty_results && !seen.has('empty')) {
        seen.add('empty')
        signs.push(`${empty} reads in a row found nothing`)
      }
      const variables = { output: result, tool, input: args }
      if (doubts !== undefined && !seen.has('doubt') && holds(doubts, variables).holds) {
        seen.add('doubt')
        signs.push('the result of a tool is not to be trusted')
      }
      return signs
    },
  }
}

function compiled(text: string): Expression {
  const found = compileExpression(text)
  if (found.ok) return found.expression
  const message = `budgets.dynamic.low_confidence: ${found.error} in ${text}`
  throw new AgentEvalError(message, 'input')
}

function partsOf(call: ExecutedCall): Record<'args' | 'result' | 'tool', ExprValue> {
  const member = (name: string): ExprValue => (isExprMap(call) ? (call.get(name) ?? null) : null)
  return { args: member('args'), result: member('result'), tool: member('tool') }
}

/** Nothing in it: `null`, an empty text, list or object, or an object of such. No and 0 are answers. */
function isEmpty(value: ExprValue): boolean {
  if (value === null || value === '') return true
  if (isExprList(value)) return value.length === 0
  return isExprMap(value) && [...value.values()].every(isEmpty)
}
