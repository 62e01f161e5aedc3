/**
 * Adjusts p-values so that any of them ≤ α means the same whether one or several metrics are gated.
 *
 * The smallest is multiplied by the number of tests, the next by one less, and so on. Leave metrics
 * out that no outcome could have alarmed (smallest attainable p > α): they cost the others nothing.
 *
 * @param pValues - one per metric, in [0, 1]
 * @returns adjusted p-values in the same order: each ≥ its own p, ≤ 1, and in the order of the p-values
 * @see Holm 1979, Scandinavian Journal of Statistics 6:65–70
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const ascending = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  const adjusted = [...pValues]
  let largest = 0
  for (const [rank, { p, index }] of ascending.entries()) {
    largest = Math.min(1, Math.max(largest, p * (pValues.length - rank)))
    adjusted[index] = largest
  }
  return adjusted
}
