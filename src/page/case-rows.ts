import type { PageCase } from '../schema/page-data.ts'
import { all, el } from './dom.ts'
import { type DrawnRows, drawnRows } from './drawn-rows.ts'
import type { KeyList } from './list-keys.ts'

/** The rows of the case table: a list in which keys move, also to rows that are not drawn yet. */
export interface CaseRows extends KeyList, Pick<DrawnRows, 'follow' | 'drawAll'> {
  readonly show: (rows: readonly PageCase[]) => void
}

/** Rows without their cases yet. */
export function caseRows(): CaseRows {
  const node = el('div', { role: 'rowgroup', class: 'rows', tabindex: -1, 'aria-label': 'Cases' })
  const rows = drawnRows(node, drawn)
  let stop = 0
  let stopId: string | undefined
  node.addEventListener('focusin', ({ target }) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-at]') : null
    if (row !== null) setStop(Number(row.dataset['at']))
  })
  return {
    node,
    follow: rows.follow,
    drawAll: rows.drawAll,
    show: rows.show,
    move: (by) => {
      const isInside = node.contains(document.activeElement)
      reveal(isInside ? stop + by : stop)
    },
    toEnd: (end) => {
      reveal(end === 'first' ? 0 : rows.count() - 1)
    },
  }

  /** The focus stays on its case when others come or go, and in the list when its row is not drawn. */
  function drawn(hadFocus: boolean): void {
    setStop(Math.max(0, rows.positionOf(stopId)))
    if (hadFocus) (rows.linkAt(stop) ?? node).focus({ preventScroll: true })
  }

  /** Tab reaches the row that was read last, or the first one drawn. */
  function setStop(at: number): void {
    for (const link of node.querySelectorAll<HTMLElement>('a[tabindex="0"]')) link.tabIndex = -1
    stop = at
    stopId = rows.idAt(at)
    const link = rows.linkAt(at) ?? node.querySelector('a')
    if (link !== null) link.tabIndex = 0
  }

  function reveal(wanted: number): void {
    if (rows.count() === 0) return
    const at = Math.min(rows.count() - 1, Math.max(0, wanted))
    setStop(at)
    const top = node.getBoundingClientRect().top + at * rows.rowPx()
    const [least, most] = [stickyPx(), window.innerHeight - 2 * rows.rowPx()]
    if (top < least) window.scrollBy(0, top - least)
    else if (top > most) window.scrollBy(0, top - most)
    rows.follow()
    setStop(at)
    rows.linkAt(at)?.focus({ preventScroll: true })
  }
}

/** What stays above the rows while they scroll. */
function stickyPx(): number {
  return all(document, '.bar, .cases .columns')
    .filter((node) => getComputedStyle(node).position === 'sticky')
    .reduce((sum, { offsetHeight }) => sum + offsetHeight, 0)
}
