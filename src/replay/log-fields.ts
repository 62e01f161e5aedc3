import type { JsonObject } from '../schema/json.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import type { TrialContext } from './trial-context.ts'

/**
 * The candidate's `observability.log_fields`, filled for one call. A field that nobody here knows
 * stands as null: the team's own logger would fill it, and a missing name would look like a typo.
 */
export function logFieldsFor(context: TrialContext, tool: string): JsonObject {
  const { agent, meter, plan, ports } = context
  const known: JsonObject = {
    run_id: ports.run,
    trial_id: formatTrialKey(plan.key),
    case_id: plan.key.case,
    agent_name: agent.name,
    principal: agent.identity.principal,
    model: context.serving.model ?? null,
    prompt_version: agent.versions.prompt,
    policy_version: agent.versions.policy,
    tool_name: tool,
    cost_usd: meter.own('cost_usd'),
    tokens: meter.own('tokens'),
  }
  return Object.fromEntries(
    agent.logFields.map((name) => [
      name,
      Object.hasOwn(known, name) ? (known[name] ?? null) : null,
    ]),
  )
}
