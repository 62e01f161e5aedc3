import type { RouteMetric } from '../schema/run-metrics.ts'
import { meanMetric, rounded } from './mean-metric.ts'
import { rateMetric } from './rate-metric.ts'
import { costsByTrial } from './trial-costs.ts'
import { type CaseRows, scoredRows } from './trial-rows.ts'

/** What is gathered of one tier. */
interface RouteTally {
  trials: number
  /** Of the cases without an attack: scored, and done. */
  benign: number
  passed: number
  readonly costs: (number | undefined)[]
}

/**
 * Which tiers ran the tasks, how well, and at what cost with the router's own. Over the scored trials of
 * which that is known; sorted by tier. A success rate is over cases without an attack, as the TSR is.
 *
 * What a tier is good at cannot be read off these: the router sends it other tasks than the next tier.
 *
 * @param own - the cases that count
 */
export function routeMetricsOf(own: readonly CaseRows[]): readonly RouteMetric[] {
  const byTier = new Map<string, RouteTally>()
  for (const one of own) addCase(byTier, one)
  const all = [...byTier.values()].reduce((sum, { trials }) => sum + trials, 0)
  return [...byTier.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tier, { benign, costs, passed, trials }]) => ({
      tier,
      trials,
      share: rounded(trials / all),
      tsr: rateMetric({ events: passed, n: benign, lost: 0 }),
      costPerTaskUsd: meanMetric(costs),
    }))
}

function addCase(byTier: Map<string, RouteTally>, { layer, rows }: CaseRows): void {
  const routed = scoredRows(rows).filter(({ rare }) => rare?.route !== undefined)
  if (routed.length === 0) return
  const costs = costsByTrial(rows)
  for (const row of routed) {
    const tier = row.rare?.route ?? ''
    const tally = byTier.get(tier) ?? { trials: 0, benign: 0, passed: 0, costs: [] }
    byTier.set(tier, tally)
    tally.trials += 1
    tally.costs.push(costs.get(row.trial))
    if (layer === 'adversarial') continue
    tally.benign += 1
    if (row.outcome === 'pass') tally.passed += 1
  }
}
