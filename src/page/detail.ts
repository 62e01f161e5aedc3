import type { PageCase, PageData } from '../schema/page-data.ts'
import { caseHead } from './case-head.ts'
import { compareView, type NamedTrace } from './compare-view.ts'
import { type Child, el } from './dom.ts'
import { type KeyList, keyList } from './list-keys.ts'
import { followData } from './redraw.ts'
import type { Route } from './route.ts'
import { traceView } from './trace-view.ts'
import type { Traces } from './traces.ts'
import { type CaseTrials, trialList } from './trial-list.ts'

/** A case with its trials, and one or two of them step by step. */
export interface Detail {
  readonly node: HTMLElement
  readonly update: (data: PageData) => void
  /** Resolves when the traces that were asked for are drawn. */
  readonly drawn: Promise<void>
  /** Where j and k move, once drawn: the steps, or the trials where none is read. */
  readonly list: () => KeyList | undefined
}

/** What a view is drawn from. */
interface Source {
  readonly traces: Traces
  readonly route: Route
  readonly data: PageData
}

/** Draws the view of one case, trial or pair of trials. */
export function detailView(source: Source): Detail {
  const { data: first, route } = source
  const head = el('header', {})
  const list = el('nav', { class: 'trial-list', 'aria-label': 'Trials of this case' })
  const body = el('div', { class: 'trace' })
  const kind = route.with === undefined ? 'detail' : 'detail two'
  const node = el('article', { class: kind }, head, el('div', { class: 'columns' }, list, body))
  const follows = [
    followData(head, { pick: rowOf, draw: (row) => caseHead(row ?? undefined, route) }),
    followData(list, { pick: trialsOf, draw: (trials) => trialList(trials, route) }),
  ]
  let keys: KeyList | undefined
  update(first)
  const drawn = drawTraces(body, source).then(() => {
    keys = listOf(body, list)
  })
  return {
    node,
    drawn,
    list: () => keys,
    update,
  }

  function update(data: PageData): void {
    for (const follow of follows) follow(data)
  }

  function trialsOf(data: PageData): CaseTrials {
    return {
      trials: data.trials.filter((trial) => trial.case === route.case),
      hasBaseline: rowOf(data)?.baseline !== undefined,
    }
  }

  function rowOf({ cases }: PageData): PageCase | null {
    return cases.find(({ id }) => id === route.case) ?? null
  }
}

function listOf(body: HTMLElement, trials: HTMLElement): KeyList {
  const steps = body.querySelector<HTMLElement>('.steps, .pairs')
  if (steps === null) return keyList(trials, '.trials a:not(.compare)')
  return keyList(steps, steps.matches('.steps') ? '.step' : '.pairs > li')
}

async function drawTraces(body: HTMLElement, source: Source): Promise<void> {
  if (source.route.trial === undefined) return
  body.replaceChildren(el('p', { class: 'faint', role: 'status' }, 'Loading the trial.'))
  const nodes = await traceNodes(source)
  body.replaceChildren(...nodes.filter((node) => node !== undefined))
}

async function traceNodes({ data, route, traces }: Source): Promise<readonly Child[]> {
  const { trial = '', with: other } = route
  try {
    if (other === undefined) return traceView(await named(trial), route)
    const [left, right] = await Promise.all([named(trial), named(other)])
    return compareView({ left, right }, route)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [el('p', { class: 'warn', role: 'alert' }, `This trial cannot be shown: ${why}.`)]
  }

  async function named(key: string): Promise<NamedTrace> {
    const listed = data.trials.find((one) => one.key === key)
    const name = listed === undefined ? 'trial' : `${listed.arm} ${listed.name}`
    return { name, trace: await traces.load(key) }
  }
}
