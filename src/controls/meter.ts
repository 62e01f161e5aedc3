import type { BudgetName, Budgets } from '../schema/budgets.ts'
import type { Charge, LedgerRole } from '../schema/trace.ts'

export type ChargeKind = Charge['kind']

/** Limits as they stand, by what they limit. */
type Limits = Readonly<Partial<Record<ChargeKind, number>>>

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
  /** Of a limit as it stands now; without one `Infinity`. */
  readonly left: (kind: ChargeKind) => number
  /** How much of a limit is used, in words: `8 of 10 tool calls used, 2 left`. */
  readonly describe: (kind: ChargeKind) => string
  /** Leaves this share of what is left of each limit, and tells what the limits are now. */
  readonly shrink: (share: number) => Limits
}

/**
 * Whose charges count against the limits. Waiting for a person, a simulated user or a judge is
 * recorded, but an agent does not run out of time because somebody else is slow.
 */
const agentsOwn: ReadonlySet<LedgerRole> = new Set(['agent', 'router', 'tools'])

/** What each limit limits, and how its number is read. */
const limited: Record<BudgetName, { readonly kind: ChargeKind; readonly factor: number }> = {
  max_total_tokens: { kind: 'tokens', factor: 1 },
  max_tool_calls: { kind: 'tool_calls', factor: 1 },
  max_model_calls: { kind: 'model_calls', factor: 1 },
  max_wall_time_seconds: { kind: 'wall_ms', factor: 1000 },
  max_cost_usd: { kind: 'cost_usd', factor: 1 },
  max_retrieved_bytes: { kind: 'retrieved_bytes', factor: 1 },
}
const names = Object.keys(limited) as BudgetName[]

/** The stricter of two sets of limits, limit by limit; what else stands beside them is left out. */
export function stricterBudgets(a: Budgets, b: Budgets): Budgets {
  const limits = names.map((name) => {
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
  retrieved_bytes: 'bytes of tool results',
}

/**
 * @param softShare - at this share of a limit the agent is warned, once for each; absent: never.
 *   A charge that goes over the limit itself is no warning any more.
 */
export function startMeter(budgets: Budgets, softShare = Number.POSITIVE_INFINITY): Meter {
  const limits = limitsOf(budgets)
  const totals = noCharges()
  const counted = noCharges()
  const warned = new Set<ChargeKind>()
  let firstExceeded: string | undefined
  const limitOf = (kind: ChargeKind): number => limits[kind] ?? Number.POSITIVE_INFINITY
  const warns = (kind: ChargeKind): boolean => {
    const limit = limits[kind] ?? 0
    if (limit === 0 || counted[kind] / limit < softShare || warned.has(kind)) return false
    warned.add(kind)
    return true
  }

  return {
    charge(role, kind, amount) {
      totals[kind] += amount
      const isOwn = agentsOwn.has(role)
      if (isOwn) counted[kind] += amount
      const limit = limits[kind]
      const exceeded = counted[kind] > limitOf(kind)
      if (exceeded) firstExceeded ??= `${round(counted[kind])} of ${limit ?? 0} ${words[kind]}`
      return {
        kind,
        amount,
        total: totals[kind],
        ...(limit !== undefined && { limit }),
        ...(exceeded && { exceeded }),
        ...(isOwn && !exceeded && warns(kind) && { soft: true }),
      }
    },
    total: (kind) => totals[kind],
    own: (kind) => counted[kind],
    wouldExceed: (kind, amount) => counted[kind] + amount > limitOf(kind),
    exceeded: () => firstExceeded,
    left: (kind) => limitOf(kind) - counted[kind],
    describe(kind) {
      const used = counted[kind]
      const limit = limitOf(kind)
      return `${round(used)} of ${round(limit)} ${words[kind]} used, ${round(limit - used)} left`
    },
    shrink(share) {
      for (const [kind, limit] of Object.entries(limits) as [ChargeKind, number][]) {
        limits[kind] = shrunk(kind, { limit, share, used: counted[kind] })
      }
      return { ...limits }
    },
  }
}

/** What is counted in whole ones stays whole, in favour of the agent. */
function shrunk(
  kind: ChargeKind,
  { limit, share, used }: { readonly limit: number; readonly share: number; readonly used: number },
): number {
  if (used >= limit) return limit
  // Without the noise of binary fractions, which would round a whole number up.
  const exact = Number((used + (limit - used) * share).toPrecision(12))
  return Math.min(limit, kind === 'cost_usd' ? exact : Math.ceil(exact))
}

function noCharges(): Record<ChargeKind, number> {
  return { tokens: 0, tool_calls: 0, model_calls: 0, wall_ms: 0, cost_usd: 0, retrieved_bytes: 0 }
}

function round(value: number): number {
  return Number(value.toPrecision(6))
}

function limitsOf(budgets: Budgets): Partial<Record<ChargeKind, number>> {
  const limits = names.flatMap((name) => {
    const { factor, kind } = limited[name]
    const written = budgets[name]
    return written === undefined ? [] : [[kind, written * factor] as const]
  })
  return Object.fromEntries(limits)
}
