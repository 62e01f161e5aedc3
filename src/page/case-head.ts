import type { PageCase } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { toneMark } from './mark.ts'
import { outerRoute, type Route, routeHash } from './route.ts'

/** The way back, the case, and how it went in both arms. */
export function caseHead(row: PageCase | undefined, route: Route): readonly Child[] {
  return [
    el('nav', { class: 'back', 'aria-label': 'Way back' }, ...wayBack(route)),
    el('h1', { tabindex: -1 }, route.case ?? 'A trial'),
    ...(row === undefined
      ? [el('p', {}, 'No case of this name is on the page.')]
      : about(row, route)),
  ]
}

function wayBack(route: Route): readonly Child[] {
  const overview = el('a', { href: '#cases' }, 'All cases')
  const outer = outerRoute(route)
  if (outer.case === undefined) return [overview]
  const name = outer.trial === undefined ? 'its trials' : 'one trial'
  return [overview, el('a', { href: routeHash(outer) }, name)]
}

/** Why a case is shown is said by the checks of each of its trials too. */
function about(row: PageCase, route: Route): readonly Child[] {
  const { label, layer, place, reason, slices, title, tone } = row
  const parts = [layer, ...slices, ...(place === undefined ? [] : [place])]
  const why = [label, reason].filter((text) => text !== undefined).join(': ')
  return [
    title === undefined ? undefined : el('p', { class: 'title' }, title),
    el('ul', { class: 'remarks' }, ...parts.map((part) => el('li', {}, part))),
    el('p', { class: 'score' }, scores(row)),
    why === '' || route.trial !== undefined
      ? undefined
      : el('p', { class: 'why' }, toneMark(tone), why),
  ]
}

function scores({ attackSuccesses, baseline, candidate, violationTrials }: PageCase): string {
  const before = baseline === undefined ? '' : `, baseline ${baseline.passed} of ${baseline.scored}`
  const parts = [
    `candidate passed ${candidate.passed} of ${candidate.scored}${before}`,
    ...(attackSuccesses === undefined ? [] : [`attack succeeded in ${attackSuccesses}`]),
    ...(violationTrials === undefined ? [] : [`rules broken in ${violationTrials}`]),
  ]
  return parts.join('; ')
}
