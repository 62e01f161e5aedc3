import type { PageTrace } from '../schema/page-data.ts'
import { el } from './dom.ts'
import { statusMark } from './mark.ts'
import { type Route, routeHash } from './route.ts'

type Grade = PageTrace['grades'][number]

const marks = { pass: 'pass', fail: 'regression', unscored: 'n/a' } as const
const rank = { fail: 0, unscored: 1, pass: 2 } as const

/** What each check said of a trial, failures first, with links to the steps that show it. */
export function gradeList(grades: readonly Grade[], route: Route): HTMLElement {
  const sorted = grades.toSorted((a, b) => rank[a.status] - rank[b.status])
  return el('ul', { class: 'grades' }, ...sorted.map((grade) => gradeNode(grade, route)))
}

function gradeNode({ advisory, grader, reason, status, steps }: Grade, route: Route): HTMLElement {
  const links = steps.map((seq) =>
    el('a', { href: routeHash({ ...route, step: String(seq) }) }, `step ${seq}`),
  )
  return el(
    'li',
    { class: status },
    statusMark(marks[status]),
    el(
      'div',
      {},
      el('b', {}, grader),
      el('span', { class: 'faint' }, ` ${status}${advisory === true ? ', advisory' : ''}`),
      reason === undefined ? undefined : el('p', {}, reason),
      links.length === 0 ? undefined : el('p', { class: 'links' }, ...links),
    ),
  )
}
