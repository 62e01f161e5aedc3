import type { PageCase } from '../schema/page-data.ts'
import { caseRow } from './case-row.ts'
import { type RowWindow, rowWindow } from './row-window.ts'

/** The rows of a long table, of which only those near the view are drawn. */
export interface DrawnRows {
  readonly count: () => number
  readonly rowPx: () => number
  readonly show: (rows: readonly PageCase[]) => void
  /** Draws what the view has moved to. */
  readonly follow: () => void
  /** Draws every row, as paper shows them. */
  readonly drawAll: () => void
  readonly idAt: (position: number) => string | undefined
  /** Where a case stands now; -1 where it is not in the list. */
  readonly positionOf: (id: string | undefined) => number
  /** The link of a row that is drawn. */
  readonly linkAt: (position: number) => HTMLElement | undefined
}

/** Height of a row until one is drawn. */
const guessedPx = 48

/**
 * Rows of one height each, which the table's style sees to. What is not drawn above and below is left
 * free as padding.
 *
 * @param drawn - called after each drawing, which replaces the rows
 */
export function drawnRows(node: HTMLElement, drawn: (hadFocus: boolean) => void): DrawnRows {
  let rows: readonly PageCase[] = []
  let shown: RowWindow = { from: 0, to: 0 }
  let rowPx = guessedPx
  return {
    count: () => rows.length,
    rowPx: () => rowPx,
    show: (next) => {
      rows = next
      draw(wanted())
    },
    follow: () => {
      const next = wanted()
      if (next.from !== shown.from || next.to !== shown.to) draw(next)
    },
    drawAll: () => {
      draw({ from: 0, to: rows.length })
    },
    idAt: (position) => rows[position]?.id,
    positionOf: (id) => rows.findIndex((row) => row.id === id),
    linkAt: (position) => node.children[position - shown.from]?.querySelector('a') ?? undefined,
  }

  function wanted(): RowWindow {
    const height = node.firstElementChild?.getBoundingClientRect().height ?? 0
    if (height > 0) rowPx = height
    const abovePx = -node.getBoundingClientRect().top
    return rowWindow({ count: rows.length, rowPx, abovePx, viewPx: window.innerHeight })
  }

  function draw(next: RowWindow): void {
    const hadFocus = node.contains(document.activeElement)
    shown = next
    const { from, to } = next
    node.replaceChildren(...rows.slice(from, to).map((row, at) => caseRow(row, from + at)))
    node.style.paddingTop = `${from * rowPx}px`
    node.style.paddingBottom = `${(rows.length - to) * rowPx}px`
    drawn(hadFocus)
  }
}
