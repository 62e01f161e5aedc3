import { plural, whole } from '../report/format.ts'
import type { PageCase, PageData } from '../schema/page-data.ts'
import { caseColumns } from './case-columns.ts'
import { type CaseControls, caseControls } from './case-controls.ts'
import { type CaseRows, caseRows } from './case-rows.ts'
import { button, el } from './dom.ts'
import { filterCases, type IndexedCase, indexCases } from './filter-cases.ts'
import type { Section } from './section.ts'
import { type CaseOrder, sortCases } from './sort-cases.ts'

/** The case table, and what keys reach in it. */
export interface CaseTable extends Section {
  readonly rows: CaseRows
  readonly focusFilter: () => void
}

/** Rows of a long list until the reader wants all of it; the worst cases come first. */
const seen = 20

/** Every case: filtered, sorted, and drawn as far as it is seen. */
export function caseTable(): CaseTable {
  const controls = caseControls(refine)
  const rows = caseRows()
  const parts = frame(controls, caseColumns(reorder), rows)
  const { more, node, table } = parts
  let isWhole = false
  let shown: string | undefined
  let order: CaseOrder | undefined
  let all: readonly IndexedCase[] = []
  let sorted: readonly IndexedCase[] = []

  followView(rows, table)
  whenPrinted(rows, showWhole)
  more.addEventListener('click', () => {
    showWhole()
    rows.move(0)
  })
  const focusFilter = (): void => {
    controls.search.focus()
    controls.search.select()
  }
  return { id: 'cases', name: 'Cases', node, rows, update, focusFilter }

  function update({ cases }: PageData): void {
    const text = JSON.stringify(cases)
    if (text === shown) return
    shown = text
    all = indexCases(cases)
    node.hidden = cases.length === 0
    controls.offer(cases)
    const hasCost = cases.some(({ costUsd }) => costUsd !== undefined)
    table.classList.toggle('no-cost', !hasCost)
    reorder(order)
  }

  function reorder(next: CaseOrder | undefined): void {
    order = next
    sorted = sortCases(all, order)
    refine()
  }

  function refine(): void {
    const left: readonly PageCase[] = filterCases(sorted, controls.filter()).map(({ row }) => row)
    tell(parts, left.length, all.length)
    rows.show(isWhole ? left : left.slice(0, seen))
    more.hidden = isWhole || left.length <= seen
    more.textContent = `Show all ${whole(left.length)}`
  }

  function showWhole(): void {
    isWhole = true
    refine()
  }
}

interface Frame {
  readonly node: HTMLElement
  readonly table: HTMLElement
  /** How many cases are left. */
  readonly found: HTMLElement
  /** In place of the table when none is. */
  readonly none: HTMLElement
  /** Shows the whole list, however long. */
  readonly more: HTMLElement
}

function frame(controls: CaseControls, columns: HTMLElement, rows: CaseRows): Frame {
  const heading = el('h2', { id: 'cases-name' }, 'Cases')
  const found = el('p', { class: 'found', role: 'status' })
  const clear = button('Clear the filter', {}, controls.clear)
  const none = el('p', { class: 'none' }, 'No case matches. ', clear)
  const named = { 'aria-labelledby': 'cases-name' }
  const table = el('div', { class: 'cases', role: 'table', ...named }, columns, rows.node)
  const more = el('button', { type: 'button', class: 'more' })
  const parts = [heading, controls.node, found, table, more, none]
  return { node: el('section', { id: 'cases', ...named }, ...parts), table, found, more, none }
}

/** How many cases are left, in words and for those who hear the table. */
function tell({ found, none, table }: Frame, left: number, all: number): void {
  const cases = plural(all, 'case')
  found.textContent = left === all ? cases : `${whole(left)} of ${cases}`
  table.hidden = left === 0
  none.hidden = left > 0
  table.setAttribute('aria-rowcount', String(left + 1))
}

/** Paper has no button and no window that moves: it shows every row, and the screen its window again. */
function whenPrinted(rows: CaseRows, showWhole: () => void): void {
  addEventListener('beforeprint', () => {
    showWhole()
    rows.drawAll()
  })
  addEventListener('afterprint', rows.follow)
}

/** Follows the view, at most once a frame; the whole row opens what its link opens. */
function followView(rows: CaseRows, table: HTMLElement): void {
  let isAsked = false
  const ask = (): void => {
    if (isAsked || table.offsetParent === null) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      rows.follow()
    })
  }
  addEventListener('scroll', ask, { passive: true })
  addEventListener('resize', ask)
  rows.node.addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('.case') : null
    const isText = getSelection()?.isCollapsed === false
    if (row === null || isText || (target as Element).closest('a') !== null) return
    row.querySelector('a')?.click()
  })
}
