import { quantile as typeSevenQuantile } from 'simple-statistics'

/**
 * The value below which a share of the others lies: p50, p95, p99.
 *
 * Linear between neighbours (type 7, the default of R and numpy).
 *
 * @param values - in any order
 * @param share - in [0, 1]
 * @returns `undefined` for no values
 * @see Hyndman, Fan 1996, The American Statistician 50:361–365
 */
export function quantile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined
  return typeSevenQuantile([...values], share)
}
