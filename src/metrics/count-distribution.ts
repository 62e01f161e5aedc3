/**
 * A distribution over consecutive whole numbers, without its negligible ends.
 *
 * `weights[i]` is the probability of `lowest + i`. What was cut off has a probability of at most
 * `lost`: tails add it, so that a p-value is never too small and never 0.
 */
export interface CountDistribution {
  readonly lowest: number
  readonly weights: Float64Array
  readonly lost: number
}

/** Below this a probability is cut off: 500 cases × 200 trials then take half a second, not 20. */
export const negligible = 1e-40

/** The distribution that is certainly 0: what a sum starts from. */
export const certainlyZero: CountDistribution = {
  lowest: 0,
  weights: Float64Array.of(1),
  lost: 0,
}

/** Distribution of the sum of two independent counts. */
export function convolve(left: CountDistribution, right: CountDistribution): CountDistribution {
  const weights = new Float64Array(left.weights.length + right.weights.length - 1)
  for (const [shift, factor] of right.weights.entries()) {
    if (factor > 0) addShifted(weights.subarray(shift), left.weights, factor)
  }
  return trim({
    lowest: left.lowest + right.lowest,
    weights,
    lost: left.lost + right.lost,
  })
}

/**
 * Distribution of the sum of many independent counts.
 *
 * Neighbours are added first, then their sums: pieces stay short for as long as possible, which takes a
 * third of the time of adding one after the other.
 */
export function convolveAll(counts: readonly CountDistribution[]): CountDistribution {
  let sums = counts
  while (sums.length > 1) {
    const next: CountDistribution[] = []
    for (let i = 0; i < sums.length; i += 2) {
      next.push(convolve(sums[i] ?? certainlyZero, sums[i + 1] ?? certainlyZero))
    }
    sums = next
  }
  return sums[0] ?? certainlyZero
}

function addShifted(target: Float64Array, source: Float64Array, factor: number): void {
  for (let i = 0; i < source.length; i++) {
    target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0)
  }
}

function trim({ lowest, weights, lost }: CountDistribution): CountDistribution {
  const first = weights.findIndex((weight) => weight >= negligible)
  const last = weights.findLastIndex((weight) => weight >= negligible)
  const cut = sum(weights.subarray(0, first)) + sum(weights.subarray(last + 1))
  return {
    lowest: lowest + first,
    weights: weights.slice(first, last + 1),
    lost: lost + cut,
  }
}

/**
 * P(count ≤ value), in (0, 1] when `value` is not below everything possible.
 *
 * Exact down to about 1e-30; smaller results are upper bounds.
 */
export function lowerTail({ lowest, weights, lost }: CountDistribution, value: number): number {
  const terms = Math.max(0, value - lowest + 1)
  if (terms >= weights.length && lost === 0) return 1
  return Math.min(1, sum(weights.subarray(0, terms)) + lost)
}

function sum(weights: Float64Array): number {
  let total = 0
  for (const weight of weights) total += weight
  return total
}
