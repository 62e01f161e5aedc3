import { type ExprValue, type ExprVariables, toExprValue } from '../../../expr/value.ts'
import type { ActingAgent, PolicyQuestion, ProposedAction } from '../../policy-engine.ts'

/** How each variable is made; `undefined`: there is none here. */
const makers: ReadonlyMap<string, (question: PolicyQuestion) => ExprValue | undefined> = new Map([
  ['input', ({ action }) => action && toExprValue(action.args)],
  ['tool', ({ action }) => action && toolOf(action)],
  ['reason', ({ action }) => action && (action.reason ?? '')],
  ['agent', ({ context }) => agentOf(context.agent)],
  ['calls', ({ context }) => context.calls],
  ['now', ({ context }) => context.now],
  ['state', ({ context }) => context.state],
])

/**
 * What rules may name, without `output`. A name that has no value here is absent, so that a rule that
 * needs it cannot be told: a reply belongs to no call.
 *
 * @param names - those that somebody needs; the others are not made
 */
export function variablesFor(question: PolicyQuestion, names: ReadonlySet<string>): ExprVariables {
  const variables: Record<string, ExprValue> = {}
  for (const name of names) {
    const value = makers.get(name)?.(question)
    if (value !== undefined) variables[name] = value
  }
  return variables
}

function toolOf({ effect, scope, tenant, tier, tool, usd }: ProposedAction): ExprValue {
  return toExprValue({
    name: tool,
    tier,
    effect,
    ...(scope !== undefined && { scope }),
    ...(tenant !== undefined && { tenant }),
    ...(usd !== undefined && { usd }),
  })
}

/** Where nobody has limited the scopes the list is empty, and says nothing about what is allowed. */
function agentOf({ principal, scopes = [], tenant }: ActingAgent): ExprValue {
  return toExprValue({ principal, scopes, ...(tenant !== undefined && { tenant }) })
}
