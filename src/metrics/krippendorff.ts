/** One item: its rating by each rater, `undefined` where a rater gave none. Order does not matter. */
export type RatedItem<T> = readonly (T | undefined)[]

/**
 * How well any number of raters agree beyond chance, labels being just different or the same.
 *
 * Raters may have left items out; items with fewer than two ratings say nothing and drop out.
 *
 * @returns at most 1; 0 when ratings agree no more than if they were shuffled over all items, below
 *   0 when less. `undefined` when no item has two ratings, and when only one label was given: then
 *   nothing tells agreement from chance
 * @see Krippendorff 2011, Computing Krippendorff's Alpha-Reliability
 */
export function krippendorffNominal(
  items: readonly RatedItem<string | number | boolean>[],
): number | undefined {
  return alpha(items, unequalPairs)
}

/**
 * The same for numbers, where a small difference is a small disagreement.
 *
 * @param items - finite numbers
 */
export function krippendorffInterval(items: readonly RatedItem<number>[]): number | undefined {
  const largest = items.flat().reduce<number>((most, x) => Math.max(most, Math.abs(x ?? 0)), 0)
  // Alpha knows no unit; as shares of the largest, no square overflows.
  const scaled = items.map((item) => item.map((x) => (x === undefined ? x : x / (largest || 1))))
  return alpha(scaled, squaredDistances)
}

/**
 * 1 − disagreement within items / disagreement over all ratings.
 *
 * @param spread - disagreement added over all ordered pairs; 0 exactly when all are the same
 */
function alpha<T>(
  items: readonly RatedItem<T>[],
  spread: (ratings: readonly T[]) => number,
): number | undefined {
  const rated = items
    .map((item) => item.filter((rating) => rating !== undefined))
    .filter((ratings) => ratings.length >= 2)
  const all = rated.flat()
  const expected = spread(all)
  if (expected === 0) return undefined
  const observed = rated.reduce((sum, ratings) => sum + spread(ratings) / (ratings.length - 1), 0)
  return 1 - ((all.length - 1) * observed) / expected
}

function unequalPairs(ratings: readonly (string | number | boolean)[]): number {
  const counts = new Map<string | number | boolean, number>()
  for (const rating of ratings) counts.set(rating, (counts.get(rating) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + count * (ratings.length - count), 0)
}

function squaredDistances(ratings: readonly number[]): number {
  if (new Set(ratings).size <= 1) return 0
  const mean = ratings.reduce((sum, x) => sum + x, 0) / ratings.length
  return 2 * ratings.length * ratings.reduce((sum, x) => sum + (x - mean) ** 2, 0)
}
