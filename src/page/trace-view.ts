import type { PageTrace } from '../schema/page-data.ts'
import type { NamedTrace } from './compare-view.ts'
import { type Child, el } from './dom.ts'
import { inlineFacts } from './facts.ts'
import { gradeList } from './grades.ts'
import type { Route } from './route.ts'
import { stepNode } from './step.ts'

/** One trial, step by step, after what its checks said. */
export function traceView({ name, trace }: NamedTrace, route: Route): readonly Child[] {
  const { facts, grades, heading, shortened, steps } = trace
  const seen = new Set<number>()
  return [
    el('h2', {}, `${name}: `, heading),
    inlineFacts(facts),
    grades.length === 0 ? undefined : el('h3', {}, 'Checks'),
    gradeList(grades, route),
    el('h3', {}, 'Steps'),
    shortened === undefined ? undefined : el('p', { class: 'warn' }, shortened),
    el('ol', { class: 'steps', 'aria-label': 'Steps' }, ...steps.map(numbered)),
  ]

  /** Several steps may come from one event: grades point at the first. */
  function numbered(step: PageTrace['steps'][number]): HTMLElement {
    if (seen.has(step.seq)) return stepNode(step)
    seen.add(step.seq)
    return stepNode(step, { id: `step-${step.seq}` })
  }
}
