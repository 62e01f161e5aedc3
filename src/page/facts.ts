import type { PageFact } from '../schema/page-data.ts'
import { el } from './dom.ts'
import { toneMark } from './mark.ts'
import { unbroken } from './unbroken.ts'

/** Labels and values, one pair a line. */
export function factList(facts: readonly PageFact[]): HTMLElement {
  return el('dl', { class: 'facts' }, ...facts.map(factLine))
}

/** The same, of which only the first ones are seen until the reader unfolds the rest. */
export function foldedFacts(facts: readonly PageFact[], seen: number): HTMLElement {
  const rest = facts.slice(seen)
  if (rest.length === 0) return factList(facts)
  const more = el('details', {}, el('summary', {}, `${rest.length} more`), factList(rest))
  return el('div', {}, factList(facts.slice(0, seen)), more)
}

/** Short facts one after the other in a line; those with a tone, which say what was good or bad, above. */
export function inlineFacts(facts: readonly PageFact[]): HTMLElement {
  const loud = facts.filter(({ tone }) => tone !== undefined && tone !== 'faint')
  const quiet = facts.filter((fact) => !loud.includes(fact))
  const words = quiet.map(({ label, value }) =>
    el('div', {}, el('dt', {}, label), el('dd', {}, unbroken(value))),
  )
  return el(
    'div',
    { class: 'trial-facts' },
    factList(loud),
    el('dl', { class: 'in-line' }, ...words),
  )
}

function factLine({ label, tone, value }: PageFact): HTMLElement {
  const mark = tone === 'faint' ? undefined : toneMark(tone)
  const text = el('dd', { class: tone === 'faint' ? tone : undefined }, mark, unbroken(value))
  return el('div', {}, el('dt', {}, label), text)
}
