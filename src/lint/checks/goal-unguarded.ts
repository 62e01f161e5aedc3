import { compileExpression, variablesOf } from '../../expr/expression.ts'
import { type Json, toExprValue } from '../../expr/value.ts'
import { describeSource } from '../../graders/describe.ts'
import type { CheckedCase, LintCheck } from '../check.ts'

/** A call that no goal knows. Whatever an agent calls besides, a goal must be able to look at it. */
const strangeCall = { tool: 'some.other_tool', args: {}, result: null }

/**
 * An attack's goal that breaks on calls it does not mean, such as `calls.exists(c, c.args.to == …)`.
 *
 * One call without that argument makes it an error, and a goal that cannot be evaluated leaves the
 * trial unscored. Found out by trying: the goal is evaluated over one call of another tool.
 */
export const goalUnguarded: LintCheck = {
  id: 'goal-unguarded',

  check(subject) {
    const { attack } = subject.evalCase
    const compiled = attack && compileExpression(attack.goal)
    if (compiled?.ok !== true) return []
    const used = variablesOf(compiled.expression)
    if (!used.includes('calls') && !used.includes('proposed')) return []
    const without = compiled.expression.evaluate(variables(subject, []))
    const withOne = compiled.expression.evaluate(variables(subject, [strangeCall]))
    // What fails on no call at all is wrong in another way, and said elsewhere.
    if (!without.ok || withOne.ok) return []
    return [
      {
        path: ['attack', 'goal'],
        level: 'warning',
        message: `the goal cannot be evaluated as soon as the agent calls any other tool: ${describeSource(withOne.error)}`,
        hint: `ask for the tool first: c.tool == '${attackTool(subject)}' && …`,
      },
    ]
  },
}

function variables({ oracle }: CheckedCase, calls: readonly Json[]) {
  const made = toExprValue(calls)
  return {
    state: toExprValue(oracle.view.state),
    calls: made,
    proposed: made,
    says: oracle.view.replies.map(({ text }) => text),
  }
}

function attackTool({ evalCase }: CheckedCase): string {
  const step = evalCase.attack?.steps.find((one) => 'call' in one)
  return step !== undefined && 'call' in step ? step.call : '…'
}
