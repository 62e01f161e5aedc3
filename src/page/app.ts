import type { PageData } from '../schema/page-data.ts'
import { makeBar } from './bar.ts'
import type { Outside } from './browser.ts'
import { goToDifference } from './compare-view.ts'
import { followRun } from './follow-run.ts'
import { helpDialog } from './help.ts'
import { listenToKeys } from './keys.ts'
import { makeOverview } from './overview.ts'
import { unfoldForPrint } from './print.ts'
import { outerRoute, type Route, routeHash } from './route.ts'
import { themeButton } from './theme.ts'
import { makeTraces } from './traces.ts'
import { makeViews } from './views.ts'

/** Makes the page out of its data: the address says what is shown, so that going back goes back. */
export function startApp(first: PageData, page: HTMLElement, outside: Outside): void {
  let data = first
  const help = helpDialog()
  const bar = makeBar(themeButton(outside), help.open)
  const traces = makeTraces(outside)
  const overview = makeOverview(outside)
  const views = makeViews(page, { overview, traces })
  page.before(bar.node)
  page.after(help.node)
  // Where a reader was is kept per view, not per height of the page.
  history.scrollRestoration = 'manual'
  update(data)
  show()
  addEventListener('hashchange', show)
  unfoldForPrint(page)
  listenToKeys({
    list: views.list,
    focusFilter,
    close: () => {
      goOut(views.route())
    },
    difference: goToDifference,
    help: help.open,
  })
  followRun(data, outside, {
    update,
    lost: (words) => {
      bar.tell(words ?? progressOf(data))
    },
  })

  function update(next: PageData): void {
    data = next
    traces.update(data)
    overview.update(data)
    views.update(data)
    bar.place(overview.shown())
    bar.tell(progressOf(data))
    document.title = titleOf(views.route(), data)
  }

  function show(): void {
    views.show(location.hash, data)
    document.title = titleOf(views.route(), data)
  }

  function focusFilter(): void {
    if (views.route().case !== undefined) {
      location.hash = '#cases'
      // The browser tells of the new address later.
      show()
    }
    overview.cases.focusFilter()
  }
}

/** From two trials to one, to the case, to the overview. */
function goOut(route: Route): void {
  if (route.case === undefined && route.trial === undefined) return
  const outer = outerRoute(route)
  location.hash = outer.case === undefined ? '#cases' : routeHash(outer)
}

function titleOf({ case: caseId }: Route, { title }: PageData): string {
  return caseId === undefined ? title : `${caseId}: ${title}`
}

function progressOf({ served }: PageData): string | undefined {
  return served?.isRunning === true ? (served.progress ?? 'running') : undefined
}
