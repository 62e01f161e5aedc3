import type { CaseStats } from '../schema/case-stats.ts'
import { rounded } from './mean-metric.ts'
import type { TrialRow } from './trial-rows.ts'

/** More names than anybody reads. */
const mostNames = 20

interface Harmed {
  readonly who: Set<string>
  usd: number
  isPriced: boolean
}

/** Whom the executed violations of a case harmed, by rule; dollars as the mean over its trials. */
export function harmsOf(rows: readonly TrialRow[]): Pick<CaseStats, 'harmByRule'> {
  // A map, because a rule may be called "constructor".
  const byRule = new Map<string, Harmed>()
  for (const { rule, harms = [] } of rows.flatMap((row) => row.violations ?? [])) {
    if (harms.length === 0) continue
    const harmed = byRule.get(rule) ?? { who: new Set(), usd: 0, isPriced: true }
    byRule.set(rule, harmed)
    for (const { usd, who } of harms) {
      harmed.who.add(who)
      harmed.usd += usd ?? 0
      harmed.isPriced &&= usd !== undefined
    }
  }
  if (byRule.size === 0) return {}
  const trials = new Set(rows.map(({ trial }) => trial)).size
  const entries = [...byRule].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    harmByRule: Object.fromEntries(
      entries.map(([rule, { isPriced, usd, who }]) => [
        rule,
        {
          who: [...who].sort().slice(0, mostNames),
          ...(isPriced && { usdPerTrial: rounded(usd / trials) }),
        },
      ]),
    ),
  }
}
