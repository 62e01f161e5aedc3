import { button, el } from './dom.ts'
import { type CaseOrder, nextOrder, type SortColumn } from './sort-cases.ts'

const columns: readonly (readonly [SortColumn, string])[] = [
  ['id', 'Case'],
  ['layer', 'Layer'],
  ['baseline', 'Baseline'],
  ['candidate', 'Candidate'],
  ['change', 'What moved'],
  ['cost', 'Cost'],
  ['latency', 'Latency'],
]

/** The head of the case table: each column's name sorts by it. */
export function caseColumns(sort: (order: CaseOrder | undefined) => void): HTMLElement {
  const heads = new Map<SortColumn, HTMLElement>()
  let order: CaseOrder | undefined
  const press = (column: SortColumn): void => {
    order = nextOrder(order, column)
    for (const [id, head] of heads) showOrder(head, order?.column === id ? order : undefined)
    sort(order)
  }
  for (const [id, name] of columns) {
    const attributes = { role: 'columnheader', class: id, 'aria-sort': 'none' }
    const pressed = (): void => {
      press(id)
    }
    heads.set(id, el('span', attributes, button(name, {}, pressed)))
  }
  return el('div', { role: 'row', class: 'columns', 'aria-rowindex': 1 }, ...heads.values())
}

function showOrder(head: HTMLElement, order: CaseOrder | undefined): void {
  const direction = order?.descending === true ? 'descending' : 'ascending'
  head.setAttribute('aria-sort', order === undefined ? 'none' : direction)
}
