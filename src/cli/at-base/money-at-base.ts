import { ruleChange } from '../../gate/rule-words.ts'
import type { MoneySettings } from '../../schema/project.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'

/** What runs of a change may cost, and what it does to that. */
export interface MoneyInForce {
  readonly money: MoneySettings
  readonly changes: readonly RuleChange[]
}

/** What a run may cost: the smaller budget holds, so that no change gives itself more money. */
export function moneyAtBase(here: MoneySettings, base: MoneySettings): MoneyInForce {
  const budgets = { base: base.budget_usd, here: here.budget_usd }
  const given = Object.values(budgets).filter((usd) => usd !== undefined)
  if (given.length === 0) return { money: here, changes: [] }
  const least = Math.min(...given)
  const holds = least === budgets.here ? 'here' : 'base'
  return {
    money: { ...here, budget_usd: least },
    changes: ruleChange('budget of a run in dollars', budgets, holds),
  }
}
