import type { RouteMetric, RunMetrics } from '../../schema/run-metrics.ts'
import { countOf, percent, usd, whole } from '../format.ts'
import type { Say } from '../say.ts'

/** Rows of text by tier, under a head: which tier ran how much of the work, how well and at what cost. */
interface RouteTable {
  readonly head: readonly string[]
  readonly align: string
  readonly rows: readonly (readonly string[])[]
}

/** Tiers that a table shows; a configuration may name any number. */
const maxRows = 12

/** `undefined` where nobody routes. */
export function routeTable(metrics: RunMetrics | undefined, say: Say): RouteTable | undefined {
  const routes = metrics?.routes ?? []
  if (routes.length === 0) return undefined
  const rows = routes.slice(0, maxRows).map((route) => row(route, say))
  const rest = routes.length - maxRows
  return {
    head: ['route', 'trials', 'share', 'tasks done', '', 'cost per task'],
    align: 'lrrrrr',
    rows: rest > 0 ? [...rows, [`and ${rest} more`, '', '', '', '', '']] : rows,
  }
}

function row({ costPerTaskUsd, share, tier, trials, tsr }: RouteMetric, say: Say): string[] {
  const { mean, unknown } = costPerTaskUsd
  const cost = mean === undefined ? 'unknown' : usd(mean)
  return [
    say(tier),
    whole(trials),
    percent(share),
    percent(tsr.rate),
    tsr.n === 0 ? '' : countOf(tsr.events, tsr.n),
    mean !== undefined && unknown > 0 ? `${cost} (${whole(unknown)} unknown)` : cost,
  ]
}
