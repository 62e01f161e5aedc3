/**
 * Adjusts p-values of many looks at one comparison, so that of those ≤ q about a share q is chance.
 *
 * For watch lists (slices, single cases), where a false entry costs a glance; a verdict uses Holm's.
 * The largest is kept, the next multiplied by n/(n−1), and so on, none above the one after it.
 *
 * @param pValues - one per look, in [0, 1]
 * @returns adjusted p-values in the same order: each ≥ its own p, ≤ 1, and in the order of the p-values
 * @see Benjamini, Hochberg 1995, Journal of the Royal Statistical Society B 57:289–300
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p)
  const adjusted = [...pValues]
  let smallest = 1
  for (const [above, { p, index }] of descending.entries()) {
    smallest = Math.min(smallest, p * (pValues.length / (pValues.length - above)))
    adjusted[index] = smallest
  }
  return adjusted
}
