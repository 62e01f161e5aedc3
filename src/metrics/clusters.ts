/**
 * Puts cases of one cluster together; a case without a cluster is one of its own.
 *
 * @returns groups in the order of their first case; empty for no cases
 */
export function groupByCluster<T extends { readonly cluster?: string }>(
  cases: readonly T[],
): readonly (readonly T[])[] {
  const groups: T[][] = []
  const named = new Map<string, T[]>()
  for (const one of cases) {
    const known = one.cluster === undefined ? undefined : named.get(one.cluster)
    if (known !== undefined) {
      known.push(one)
      continue
    }
    const group = [one]
    groups.push(group)
    if (one.cluster !== undefined) named.set(one.cluster, group)
  }
  return groups
}
