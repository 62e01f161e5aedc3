import type { EvalCase, WrittenCase } from '../schema/case.ts'
import type { Layer } from '../schema/names.ts'
import type { World } from '../schema/world.ts'
import { reachableTier } from './case-tools.ts'

/**
 * A case ready to run, with what it left open filled in: its turns as a list, its id as its
 * cluster, the highest tier it can reach as its tier. It is of the gate split, unless a model plays
 * the user, and active, unless it has no oracle.
 */
export function resolveCase(written: WrittenCase, layer: Layer, world: World): EvalCase {
  const { ask, conversation, cluster, oracle, risk_tier, split, status, ...rest } = written
  const { user } = rest
  return {
    ...rest,
    turns: turnsOf({ ask, conversation, user }),
    oracle: oracle ?? [],
    split: split ?? (user === undefined ? 'gate' : 'dev'),
    status: status ?? (oracle === undefined ? 'draft' : 'active'),
    layer,
    cluster: cluster ?? written.id,
    risk_tier: risk_tier ?? reachableTier(written, world),
  }
}

function turnsOf({
  ask,
  conversation,
  user,
}: Pick<WrittenCase, 'ask' | 'conversation' | 'user'>): EvalCase['turns'] {
  return conversation ?? [{ say: ask ?? user?.opening ?? '' }]
}
