import type { EventCount } from '../metrics/binomial-intervals.ts'
import type { CaseStats } from '../schema/case-stats.ts'

/** What is counted of a case. */
interface Counting {
  readonly events: (stats: CaseStats) => number
  readonly trials: (stats: CaseStats) => number
}

/**
 * Events and trials of all cases together, for a bound that takes trials for independent. Those of a
 * case that share a seed are copies: they count for as many as there are seeds, so that the sums may
 * be no whole numbers.
 */
export function pooledCounts(cases: readonly CaseStats[], counting: Counting): EventCount {
  let events = 0
  let trials = 0
  for (const one of cases) {
    const share = one.scored === 0 ? 1 : Math.min(1, one.seeds / one.scored)
    events += share * counting.events(one)
    trials += share * counting.trials(one)
  }
  return { events, trials }
}
