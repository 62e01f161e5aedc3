import { sha256 } from '../text/hash.ts'

/** What one case is expected to take, in whatever unit; more than 0. */
export interface CaseLoad {
  readonly id: string
  readonly load: number
}

/**
 * Deals cases to shards so that all of them take about as long: the largest first, each to the shard that
 * has least to do by then. No shard ends up more than one case above another.
 *
 * Every machine deals alike, in whatever order the cases come: of equal loads the hash of the id goes first,
 * of equal shards the one with the lower number.
 *
 * @param total - shards; more than there are cases leaves some of them empty
 * @returns ids by shard, the first shard first
 * @see Graham 1969, Bounds on Multiprocessing Timing Anomalies (longest processing time first)
 */
export function dealShards(
  cases: readonly CaseLoad[],
  total: number,
): readonly ReadonlySet<string>[] {
  const shards = Array.from({ length: total }, () => ({ load: 0, ids: new Set<string>() }))
  for (const { id, load } of largestFirst(cases)) {
    const least = shards.reduce((one, other) => (other.load < one.load ? other : one))
    least.load += load
    least.ids.add(id)
  }
  return shards.map(({ ids }) => ids)
}

function largestFirst(cases: readonly CaseLoad[]): readonly CaseLoad[] {
  return cases
    .map((one) => ({ ...one, order: sha256(one.id) }))
    .sort((a, b) => b.load - a.load || (a.order < b.order ? -1 : 1))
}
