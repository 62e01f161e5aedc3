const blocks = '▁▂▃▄▅▆▇█'
const ascii = '.:-=+*#@'

export interface SparklineStyle {
  /** Most marks; more values than that are averaged, the same number to each mark but the last. */
  readonly width: number
  /** Smallest height of the line, so that noise looks like noise and not like a crash. */
  readonly leastSpan: number
  /** Blocks; else characters that every terminal has, from `.` (low) to `@` (high). */
  readonly unicode: boolean
}

/**
 * A row of numbers as a line of marks, low to high, oldest first. A gap is a space.
 *
 * Where the values span less than `leastSpan` the line stays around the middle.
 *
 * @param values - `undefined` for a gap; finite otherwise
 */
export function sparkline(
  values: readonly (number | undefined)[],
  { leastSpan, unicode, width }: SparklineStyle,
): string {
  const marks = averaged(values, valuesPerMark(values.length, width))
  const known = marks.filter((value) => value !== undefined)
  const low = Math.min(...known)
  const high = Math.max(...known)
  const span = Math.max(high - low, leastSpan)
  const bottom = (low + high - span) / 2
  const ramp = unicode ? blocks : ascii
  return marks
    .map((value) =>
      value === undefined ? ' ' : markOf(span === 0 ? 0.5 : (value - bottom) / span, ramp),
    )
    .join('')
}

/** How many values one mark stands for. */
export function valuesPerMark(count: number, width: number): number {
  return Math.max(1, Math.ceil(count / width))
}

function averaged(
  values: readonly (number | undefined)[],
  each: number,
): readonly (number | undefined)[] {
  const length = Math.ceil(values.length / each)
  return Array.from({ length }, (_, index) => {
    const known = values
      .slice(index * each, (index + 1) * each)
      .filter((value) => value !== undefined)
    if (known.length === 0) return undefined
    return known.reduce((sum, value) => sum + value, 0) / known.length
  })
}

function markOf(height: number, ramp: string): string {
  const index = Math.min(ramp.length - 1, Math.floor(height * ramp.length))
  return ramp.charAt(Math.max(0, index))
}
