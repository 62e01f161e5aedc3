import { duration, usd } from '../report/format.ts'
import type { PageCase } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { movedMark, toneMark } from './mark.ts'
import { routeHash } from './route.ts'

/** One case as a row; `position` counts from 0 in the list as it is filtered. */
export function caseRow(row: PageCase, position: number): HTMLElement {
  const { baseline, candidate, costUsd, id, latencyMs, layer, title } = row
  const link = el('a', { href: routeHash({ case: id }), tabindex: -1 }, id)
  // What does not fit into a row is said whole under the pointer.
  const name = el('span', { role: 'rowheader', class: 'id', title: id }, link)
  if (title !== undefined) name.append(el('small', {}, title))
  return el(
    'div',
    { role: 'row', class: 'case', 'data-at': position, 'aria-rowindex': position + 2 },
    name,
    cell('layer', layer),
    cell('baseline', counts(baseline), 'baseline'),
    cell('candidate', counts(candidate), 'candidate'),
    el('span', { role: 'cell', class: 'change' }, ...what(row)),
    cell('cost', costUsd === undefined ? '' : usd(costUsd)),
    cell('latency', latencyMs === undefined ? '' : duration(latencyMs)),
  )
}

/** @param label - what a small screen, which shows no heads of columns, says before it */
function cell(name: string, text: string, label?: string): HTMLElement {
  const attributes = { role: 'cell', class: name, 'data-name': text === '' ? undefined : label }
  return el('span', attributes, text)
}

function counts(of: PageCase['baseline']): string {
  return of === undefined ? '' : `${of.passed}/${of.scored}`
}

/** What is worth knowing of it: which way it moved, why it is shown, what failed first. */
function what({ label, moved, reason, tone }: PageCase): readonly Child[] {
  const mark =
    moved === undefined ? toneMark(label === undefined ? undefined : tone) : movedMark(moved)
  const word = label ?? moved
  return [
    mark,
    word === undefined ? undefined : el('span', { class: tone }, word),
    reason === undefined ? undefined : el('span', { class: 'reason', title: reason }, reason),
  ]
}
