import type { EvalCase, WrittenCase } from '../schema/case.ts'
import type { Layer } from '../schema/names.ts'
import type { World } from '../schema/world.ts'
import { reachableTier } from './case-tools.ts'

/**
 * A case ready to run, with what it left open filled in: its turns as a list, its id as its
 * cluster, and the highest tier it can reach as its tier.
 */
export function resolveCase(written: WrittenCase, layer: Layer, world: World): EvalCase {
  const { ask, conversation, cluster, risk_tier, ...rest } = written
  return {
    ...rest,
    turns: conversation?.map(({ say }) => say) ?? [ask ?? ''],
    layer,
    cluster: cluster ?? written.id,
    risk_tier: risk_tier ?? reachableTier(written, world),
  }
}
