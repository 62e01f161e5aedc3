import type { MeanMetric } from '../schema/run-metrics.ts'

/** Mean over what is known, and how many are not; without a known one there is no number. */
export function meanMetric(values: readonly (number | undefined)[]): MeanMetric {
  const known = values.filter((value) => value !== undefined)
  const total = known.reduce((sum, value) => sum + value, 0)
  return {
    ...(known.length > 0 && { mean: rounded(total / known.length) }),
    n: known.length,
    unknown: values.length - known.length,
  }
}

/** What a solved task costs with its share of the failed ones; only where every amount is known. */
export function perSolved<K extends string>(
  name: K,
  amount: MeanMetric,
  solved: number,
): Partial<Record<K, number>> {
  if (amount.mean === undefined || amount.unknown > 0 || solved === 0) return {}
  return { [name]: rounded((amount.mean * amount.n) / solved) } as Record<K, number>
}

/** Twelve digits: the noise of floating-point sums stays out of the document. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
