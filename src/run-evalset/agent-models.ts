import type { ScriptOf } from '../providers/reference/reference.ts'
import { resolveModel } from '../providers/registry.ts'
import type { AgentModels, TierModel } from '../replay/agent-models.ts'
import type { Candidate } from '../schema/candidate.ts'

/**
 * The models that a candidate's tiers stand for. With a router every tier of `models`, or those that
 * `model_tier.routes` names, may run the task.
 *
 * @throws AgentEvalError for a model that no provider has
 */
export function agentModels(
  { model_tier: { executor, router, routes }, models }: Candidate,
  context: { readonly scriptOf: ScriptOf },
): AgentModels {
  const tierModel = (tier: string): TierModel => {
    const reference = models[tier] ?? ''
    const { model, provider } = resolveModel(reference)
    return { tier, reference, model, provider: provider.create(context) }
  }
  if (router === undefined) return { executor: tierModel(executor) }
  const tiers = Object.keys(routes ?? models).sort()
  return {
    executor: tierModel(executor),
    routing: {
      router: tierModel(router),
      routes: tiers.map((tier) => {
        const when = routes?.[tier]
        return { ...tierModel(tier), ...(when !== undefined && { when }) }
      }),
    },
  }
}
