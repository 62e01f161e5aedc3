import type { ScriptOf } from '../providers/reference/reference.ts'
import type { AgentModels, TierModel } from '../replay/agent-models.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { Models } from './open-models.ts'

/**
 * The models that a candidate's tiers stand for. With a router every tier of `models`, or those that
 * `model_tier.routes` names, may run the task.
 *
 * @throws AgentEvalError for a model that cannot be asked
 */
export function agentModels(
  { model_tier: { executor, router, routes }, models }: Candidate,
  { open, scriptOf }: Pick<Models, 'open'> & { readonly scriptOf: ScriptOf },
): AgentModels {
  const tierModel = (tier: string): TierModel => ({ tier, ...open(models[tier] ?? '', scriptOf) })
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

/**
 * Which models may run the task or choose who does, as `provider:model`. Other tiers that the project
 * names are nobody's here. Of an agent of one's own nobody knows which of its models it asks.
 */
export function modelsOfTask({
  model_tier: { executor, router, routes },
  models,
  target,
}: Pick<Candidate, 'model_tier' | 'models' | 'target'>): readonly string[] {
  if (target !== undefined) return Object.values(models)
  const routed = router === undefined ? [] : [router, ...Object.keys(routes ?? models)]
  return [...new Set([executor, ...routed].flatMap((tier) => models[tier] ?? []))]
}
