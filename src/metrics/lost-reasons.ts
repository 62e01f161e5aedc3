import type { RunMetrics } from '../schema/run-metrics.ts'
import { type CaseRows, decidingRows } from './trial-rows.ts'

/** Reasons that are kept, the most frequent ones; the rest is in the trials. */
const kept = 3

/** What tells two reasons apart, in code points: what follows is often an id of the one request. */
const firstWords = 100

/** Why trials said nothing of the agent; nothing where none was lost, or nobody wrote down why. */
export function lostReasons(cases: readonly CaseRows[]): Pick<RunMetrics, 'lostTo'> {
  const counts = new Map<string, number>()
  for (const { rows } of cases) {
    for (const { outcome, rare } of decidingRows(rows)) {
      if (outcome === 'pass' || outcome === 'fail' || rare?.outcomeReason === undefined) continue
      const reason = startOf(rare.outcomeReason)
      counts.set(reason, (counts.get(reason) ?? 0) + 1)
    }
  }
  const lostTo = [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
    .slice(0, kept)
  return lostTo.length === 0 ? {} : { lostTo }
}

/** Whoever prints it makes it safe for the place. */
function startOf(reason: string): string {
  const line = reason
    .slice(0, 10 * firstWords)
    .replaceAll(/\s+/g, ' ')
    .trim()
  const points = Array.from(line)
  return points.length <= firstWords ? line : `${points.slice(0, firstWords - 1).join('')}…`
}
