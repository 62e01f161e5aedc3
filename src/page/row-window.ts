/** Up to so many rows, all are drawn: one page of them costs nothing, and the browser's search finds all. */
export const smallList = 200

/** Rows drawn beyond what is seen, on both sides, so that scrolling shows no gap. */
const spare = 30

/** Rows `from` (included) to `to` (excluded) of the list. */
export interface RowWindow {
  readonly from: number
  readonly to: number
}

/**
 * Which rows of a long list to draw. The edges lie on multiples of ten: scrolling by a row draws
 * nothing anew.
 *
 * @param abovePx - how far the list's top lies above the top of the view; negative: below it
 */
export function rowWindow(list: {
  readonly count: number
  readonly rowPx: number
  readonly abovePx: number
  readonly viewPx: number
}): RowWindow {
  const { abovePx, count, rowPx, viewPx } = list
  if (count <= smallList || rowPx <= 0) return { from: 0, to: Math.min(count, smallList) }
  const first = Math.floor(abovePx / rowPx) - spare
  const last = Math.ceil((abovePx + viewPx) / rowPx) + spare
  const from = Math.min(Math.max(0, tens(first, Math.floor)), tens(count - 1, Math.floor))
  return { from, to: Math.min(count, Math.max(tens(last, Math.ceil), from + 10)) }
}

function tens(row: number, round: (value: number) => number): number {
  return round(row / 10) * 10
}
