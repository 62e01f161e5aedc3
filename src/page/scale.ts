/** Where a value lies on a picture's axis. */
export interface Scale {
  /** In percent of the width, from the left; what lies outside stands at the edge. */
  readonly at: (value: number) => number
  readonly isLog: boolean
  readonly from: number
  readonly to: number
}

/** An axis of a picture from `from` to `to`; where both are equal, everything stands in the middle. */
export function linearScale(from: number, to: number): Scale {
  const span = to - from
  const at = (value: number): number => (span === 0 ? 50 : clamp(((value - from) / span) * 100))
  return { at, isLog: false, from, to }
}

/**
 * An axis for amounts of which none is negative: logarithmic where the largest is more than thirty
 * times the smallest above zero. A zero then stands at the left edge.
 */
export function amountScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0)
  const to = greatest(values) ?? 0
  const from = least(positive) ?? 0
  if (positive.length === 0 || to <= from * 30) return paddedScale(least(values) ?? 0, to)
  const [low, high] = [Math.log10(from), Math.log10(to)]
  const at = (value: number): number =>
    value <= 0 ? 0 : clamp(((Math.log10(value) - low) / (high - low)) * 100)
  return { at, isLog: true, from, to }
}

/** A few round values to write below the axis. */
export function ticks({ from, isLog, to }: Scale, most = 5): readonly number[] {
  return isLog ? decades(from, to, most) : roundValues(from, to, most)
}

/** Equal amounts would have no width. */
function paddedScale(from: number, to: number): Scale {
  return from === to ? linearScale(from * 0.5, to === 0 ? 1 : to * 1.5) : linearScale(from, to)
}

function decades(from: number, to: number, most: number): readonly number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9)
  const last = Math.floor(Math.log10(to) + 1e-9)
  const step = Math.max(1, Math.ceil((last - first + 1) / most))
  const found: number[] = []
  for (let power = first; power <= last; power += step) found.push(10 ** power)
  return found
}

function roundValues(from: number, to: number, most: number): readonly number[] {
  const rough = (to - from) / most
  if (!(rough > 0)) return [from]
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((times) => times * unit >= rough) ?? 10) * unit
  const found: number[] = []
  // A first tick of minus zero would be written so.
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to * (1 + 1e-9); at += 1)
    found.push(at * step || 0)
  return found
}

/** Spreading thousands of values into `Math.max` would be too many arguments. */
function greatest(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>(
    (best, value) => (best === undefined || value > best ? value : best),
    undefined,
  )
}

function least(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>(
    (best, value) => (best === undefined || value < best ? value : best),
    undefined,
  )
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent))
}
