/**
 * Finds where a condition stops holding between two numbers, to the last bit.
 *
 * For quantiles and interval bounds that have no closed form. Deterministic: no tolerance to choose.
 *
 * @param holds - true left of the point looked for, false right of it
 * @param low - a number where it holds, or the left end of what is allowed
 * @param high - a number where it does not hold, or the right end; low ≤ high, both finite
 */
export function bisect(holds: (x: number) => boolean, low: number, high: number): number {
  let left = low
  let right = high
  for (;;) {
    const middle = left + (right - left) / 2
    if (middle <= left || middle >= right) return middle
    if (holds(middle)) left = middle
    else right = middle
  }
}
