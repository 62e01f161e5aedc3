import { type ExprValue, fromExprValue } from '../../../expr/value.ts'
import type { JsonObject, JsonValue } from '../../../schema/json.ts'
import type { ActingAgent, PolicyQuestion, ProposedAction } from '../../policy-engine.ts'

/**
 * What a policy in Rego sees as `input`:
 *
 * ```
 * stage    "call" | "result" | "reply" | "log"
 * tool     { name, tier, effect }
 * args     the arguments of the call
 * output   what came back, or is to be said; not at stage "call"
 * reason   why the agent says that it does this
 * scope    what the tool needs
 * tenant   whose record it touches
 * usd      the dollars that it moves
 * agent    { principal, scopes, tenant, expires }
 * calls    [{ tool, args, result, at, usd }], executed before, the oldest first
 * now      ISO date and time of the trial's own clock
 * ```
 *
 * What is not known is left out and never null: Rego orders values of all kinds, and there
 * `null <= 50` is true. For the same reason a policy that compares an argument has to ask `is_number`
 * first. The state of the world is not in it, because in production nobody would send it.
 */
export function inputDocument({ action, context, output, stage }: PolicyQuestion): JsonObject {
  return {
    stage,
    ...(action !== undefined && actionMembers(action)),
    ...(output !== undefined && { output }),
    agent: agentMembers(context.agent),
    calls: context.calls.map(callAsJson),
    now: context.now,
  }
}

/** Of calls that were executed, as long as their trial lasts: each decision sees all of them again. */
const known = new WeakMap<object, JsonValue>()

function callAsJson(call: ExprValue): JsonValue {
  if (typeof call !== 'object' || call === null) return fromExprValue(call)
  const before = known.get(call)
  if (before !== undefined) return before
  const json = fromExprValue(call)
  known.set(call, json)
  return json
}

function actionMembers(action: ProposedAction): JsonObject {
  const { args, effect, reason, scope, tenant, tier, tool, usd } = action
  return {
    tool: { name: tool, tier, effect },
    args,
    ...(reason !== undefined && { reason }),
    ...(scope !== undefined && { scope }),
    ...(tenant !== undefined && { tenant }),
    ...(usd !== undefined && Number.isFinite(usd) && { usd }),
  }
}

function agentMembers({ expires, principal, scopes, tenant }: ActingAgent): JsonObject {
  return {
    principal,
    ...(scopes !== undefined && { scopes }),
    ...(tenant !== undefined && { tenant }),
    ...(expires !== undefined && { expires }),
  }
}
