import type { Scale } from './scale.ts'

/** One bar: where it stands, in percent of the width, and its share of the arm's values. */
export interface Bar {
  readonly x: number
  readonly width: number
  readonly share: number
}

const bars = 48

/** The distribution of some values along an axis; bars without a value are left out. */
export function histogram(values: readonly number[], scale: Scale): readonly Bar[] {
  const counts = new Array<number>(bars).fill(0)
  for (const value of values) {
    const at = Math.min(bars - 1, Math.floor((scale.at(value) / 100) * bars))
    counts[at] = (counts[at] ?? 0) + 1
  }
  const width = 100 / bars
  return counts.flatMap((count, at) =>
    count === 0 ? [] : [{ x: at * width, width, share: count / values.length }],
  )
}

/** The middle one of sorted values; of an even number, the mean of the two. */
export function median(sorted: readonly number[]): number | undefined {
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half]
  const lower = sorted[sorted.length % 2 === 0 ? half - 1 : half]
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2
}
