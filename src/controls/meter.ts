import type { BudgetName, Budgets } from '../schema/budgets.ts'
import type { Charge, LedgerRole } from '../schema/trace.ts'

export type ChargeKind = Charge['kind']

/** What a trial has used so far, and what it may still use. */
export interface Meter {
  /** Adds to the ledger. The agent's own charges count against its limits; others are listed. */
  readonly charge: (role: LedgerRole, kind: ChargeKind, amount: number) => Charge
  /** Over all roles. */
  readonly total: (kind: ChargeKind) => number
  /** What the agent itself has used: what its own log would say. */
  readonly own: (kind: ChargeKind) => number
  /** Whether `amount` more would go over the limit. */
  readonly wouldExceed: (kind: ChargeKind, amount: number) => boolean
  /** The first limit that was passed, in words. */
  readonly exceeded: () => string | undefined
}

/**
 * Whose charges count against the limits. Waiting for a person, a simulated user or a judge is
 * recorded, but an agent does not run out of time because somebody else is slow.
 */
const agentsOwn: ReadonlySet<LedgerRole> = new Set(['agent', 'router', 'tools'])

/** The stricter of two sets of limits, limit by limit. */
export function stricterBudgets(a: Budgets, b: Budgets): Budgets {
  const names = new Set([...Object.keys(a), ...Object.keys(b)] as BudgetName[])
  const limits = [...names].map((name) => {
    const unlimited = Number.POSITIVE_INFINITY
    return [name, Math.min(a[name] ?? unlimited, b[name] ?? unlimited)] as const
  })
  return Object.fromEntries(limits.filter(([, limit]) => Number.isFinite(limit)))
}

const words: Record<ChargeKind, string> = {
  tokens: 'tokens',
  tool_calls: 'tool calls',
  model_calls: 'model calls',
  wall_ms: 'ms',
  cost_usd: 'US dollars',
}

export function startMeter(budgets: Budgets): Meter {
  const limits = limitsOf(budgets)
  const totals = noCharges()
  const counted = noCharges()
  let firstExceeded: string | undefined
  const over = (kind: ChargeKind, total: number): boolean =>
    total > (limits[kind] ?? Number.POSITIVE_INFINITY)

  return {
    charge(role, kind, amount) {
      totals[kind] += amount
      if (agentsOwn.has(role)) counted[kind] += amount
      const limit = limits[kind]
      const exceeded = over(kind, counted[kind])
      if (exceeded) firstExceeded ??= `${round(counted[kind])} of ${limit ?? 0} ${words[kind]}`
      return {
        kind,
        amount,
        total: totals[kind],
        ...(limit !== undefined && { limit }),
        ...(exceeded && { exceeded }),
      }
    },
    total: (kind) => totals[kind],
    own: (kind) => counted[kind],
    wouldExceed: (kind, amount) => over(kind, counted[kind] + amount),
    exceeded: () => firstExceeded,
  }
}

function noCharges(): Record<ChargeKind, number> {
  return { tokens: 0, tool_calls: 0, model_calls: 0, wall_ms: 0, cost_usd: 0 }
}

function round(value: number): number {
  return Number(value.toPrecision(6))
}

function limitsOf(budgets: Budgets): Partial<Record<ChargeKind, number>> {
  const seconds = budgets.max_wall_time_seconds
  return {
    ...(budgets.max_total_tokens !== undefined && { tokens: budgets.max_total_tokens }),
    ...(budgets.max_tool_calls !== undefined && { tool_calls: budgets.max_tool_calls }),
    ...(budgets.max_model_calls !== undefined && { model_calls: budgets.max_model_calls }),
    ...(seconds !== undefined && { wall_ms: seconds * 1000 }),
    ...(budgets.max_cost_usd !== undefined && { cost_usd: budgets.max_cost_usd }),
  }
}
