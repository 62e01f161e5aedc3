import type { PageData } from '../schema/page-data.ts'
import { goToDifference } from './compare-view.ts'
import { type Detail, detailView } from './detail.ts'
import type { KeyList } from './list-keys.ts'
import type { Overview } from './overview.ts'
import { parseRoute, type Route } from './route.ts'
import type { Traces } from './traces.ts'

/** Overview, case, trial or two trials: one of them is seen, as the address says. */
export interface Views {
  readonly show: (hash: string, data: PageData) => void
  readonly update: (data: PageData) => void
  readonly route: () => Route
  /** Where keys move in the view that is open. */
  readonly list: () => KeyList | undefined
}

/** Where the reader was when a case was opened. */
interface Place {
  readonly scroll: number
  readonly focus: Element | null
}

export function makeViews(page: HTMLElement, parts: { overview: Overview; traces: Traces }): Views {
  const { overview, traces } = parts
  let route: Route = {}
  let detail: Detail | undefined
  let left: Place | undefined
  page.replaceChildren(overview.node)
  return {
    show,
    update: (data) => detail?.update(data),
    route: () => route,
    list: () => (detail === undefined ? overview.cases.rows : detail.list()),
  }

  function show(hash: string, data: PageData): void {
    const before = route
    route = withCase(parseRoute(hash), data)
    if (route.case === undefined && route.trial === undefined) close(hash.slice(1))
    else if (detail !== undefined && isSameView(before, route)) goToStep(route)
    else open(data)
  }

  function open(data: PageData): void {
    if (detail === undefined && !overview.node.hidden)
      left = { scroll: window.scrollY, focus: document.activeElement }
    const at = route
    const view = detailView({ traces, route: at, data })
    detail = view
    overview.node.hidden = true
    page.replaceChildren(overview.node, view.node)
    window.scrollTo(0, 0)
    view.node.querySelector('h1')?.focus({ preventScroll: true })
    void view.drawn.then(() => {
      if (detail === view) goToStep(at)
    })
  }

  /** Back to where the reader was, unless a section was asked for. */
  function close(section: string): void {
    const wasOpen = detail !== undefined
    detail = undefined
    overview.node.hidden = false
    page.replaceChildren(overview.node)
    const isBack = wasOpen && left !== undefined && (section === '' || section === 'cases')
    if (!isBack) document.getElementById(section)?.scrollIntoView()
    else if (left !== undefined) {
      window.scrollTo(0, left.scroll)
      overview.cases.rows.follow()
      if (left.focus instanceof HTMLElement) left.focus.focus({ preventScroll: true })
    }
  }
}

/** A trial belongs to one case, so that an address needs no more than the trial. */
function withCase(route: Route, { trials }: PageData): Route {
  if (route.case !== undefined || route.trial === undefined) return route
  const trial = trials.find(({ key }) => key === route.trial)
  return trial === undefined ? route : { ...route, case: trial.case }
}

function isSameView(a: Route, b: Route): boolean {
  return a.case === b.case && a.trial === b.trial && a.with === b.with
}

/** Stands at the step that the address names; of two trials, where they part. */
function goToStep({ step, with: other }: Route): void {
  if (step === undefined) {
    if (other !== undefined) goToDifference()
    return
  }
  const node = document.getElementById(`step-${step}`)
  node?.focus({ preventScroll: true })
  node?.scrollIntoView({ block: 'center' })
}
