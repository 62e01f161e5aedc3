import type { PageTrace } from '../schema/page-data.ts'
import { alignSteps, firstDifference, type StepPair } from './align-steps.ts'
import { button, type Child, el } from './dom.ts'
import { inlineFacts } from './facts.ts'
import { type Route, routeHash } from './route.ts'
import { stepNode } from './step.ts'

/** A trial, and what it is called beside the other: its arm and its number. */
export interface NamedTrace {
  readonly name: string
  readonly trace: PageTrace
}

/** Two trials, of which the page shows the first difference. */
export interface Sides {
  readonly left: NamedTrace
  readonly right: NamedTrace
}

/** Two trials side by side: what is the same is dimmed, and where they part first is marked. */
export function compareView(sides: Sides, route: Route): readonly Child[] {
  const { left, right } = sides
  const pairs = alignSteps(left.trace.steps.map(sameOf), right.trace.steps.map(sameOf))
  const first = firstDifference(pairs)
  const rows = pairs.map((pair, at) => pairNode(pair, { at, first, sides }))
  const list = el('ol', { class: 'pairs', 'aria-label': 'Steps of both trials' }, ...rows)
  return [
    el('div', { class: 'sides' }, sideHead(left, route), sideHead(right, route)),
    el('p', { class: 'difference' }, ...differenceWords(pairs, sides), fullSwitch(list)),
    list,
  ]
}

/** Brings the first difference into view, with the focus on it. */
export function goToDifference(): void {
  const row = document.querySelector<HTMLElement>('.pairs > .first')
  row?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: 'center' })
}

function sameOf({ same }: PageTrace['steps'][number]): string {
  return same
}

function sideHead({ name, trace }: NamedTrace, route: Route): HTMLElement {
  const { facts, heading, key } = trace
  const caseId = route.case === undefined ? {} : { case: route.case }
  const alone = el('a', { href: routeHash({ ...caseId, trial: key }) }, 'read alone')
  const title = el('h2', {}, `${name}: `, heading)
  return el('div', {}, title, el('p', {}, alone), inlineFacts(facts))
}

function differenceWords(pairs: readonly StepPair[], { left, right }: Sides): readonly Child[] {
  const first = firstDifference(pairs)
  if (first === undefined) return ['Step by step, the same happened in both. ']
  const side = ({ name, trace }: NamedTrace, at: number | undefined): string =>
    `${at === undefined ? 'nothing' : `step ${trace.steps[at]?.seq ?? 0}`} of ${name}`
  const start =
    first === 0 ? 'They differ from the first step on' : `The first ${first} steps are the same`
  const pair = pairs[first]
  const words = `${start}; then ${side(left, pair?.left)} (left) stands against ${side(right, pair?.right)} (right). `
  return [words, button('Go to the first difference', { 'aria-keyshortcuts': 'd' }, goToDifference)]
}

/** Of steps that are the same, the titles are enough to find one's way. */
function fullSwitch(list: HTMLElement): HTMLElement {
  const box = el('input', { type: 'checkbox' })
  box.addEventListener('change', () => {
    list.classList.toggle('full', box.checked)
  })
  return el('label', { class: 'check' }, box, 'same steps in full')
}

function pairNode(
  { left, right, same }: StepPair,
  place: { readonly at: number; readonly first: number | undefined; readonly sides: Sides },
): HTMLElement {
  const isFirst = place.at === place.first
  const classes = [same ? 'same' : 'differs', isFirst ? 'first' : '']
  const side = ({ name, trace }: NamedTrace, at: number | undefined): HTMLElement => {
    const step = at === undefined ? undefined : trace.steps[at]
    return step === undefined
      ? el('ul', { class: 'none', 'data-side': name }, el('li', {}, 'no such step'))
      : el('ul', { 'data-side': name }, stepNode(step))
  }
  return el(
    'li',
    { class: classes.join(' ').trim() },
    isFirst ? el('p', { class: 'mark-first' }, 'First difference') : undefined,
    side(place.sides.left, left),
    side(place.sides.right, right),
  )
}
