import type { EventOf, LedgerRole, TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'

/** What a trial used, as it stands on its line. */
type TrialSums = Pick<
  TrialLine,
  | 'costUsd'
  | 'coldCostUsd'
  | 'costByRole'
  | 'paidByRole'
  | 'inputTokens'
  | 'outputTokens'
  | 'cacheReadTokens'
  | 'cacheWriteTokens'
  | 'reasoningTokens'
  | 'replayed'
  | 'retries'
  | 'route'
  | 'humanMs'
  | 'unpricedModels'
  | 'modelCalls'
  | 'servedModels'
>

type Ledger = Partial<Record<LedgerRole, number>>

/** What a task costs in production; the simulated user and the judge are our own measuring. */
export const taskRoles: ReadonlySet<LedgerRole> = new Set(['agent', 'router', 'tools'])

/** Names that a line keeps: an agent of somebody else's may ask for any number of models. */
const keptModels = 8

/** Everything that is added up, in one pass over the events. */
interface Tally {
  readonly costByRole: Ledger
  readonly paidByRole: Ledger
  /** Of the task: as billed, and without any cache. */
  costUsd: number
  coldCostUsd: number
  isPriced: boolean
  readonly tokens: Tokens
  modelCalls: number
  /** Requests of the task that nobody has heard the end of. */
  unanswered: number
  replayed: number
  retries: number
  route: string | undefined
  humanMs: number
  /** A simulated user or a judge that is another model today moves the numbers as well. */
  readonly served: Set<string>
  readonly unpriced: Set<string>
}

interface Tokens {
  inputTokens: number
  outputTokens: number
  /** `undefined` while no answer told them apart. */
  cacheReadTokens: number | undefined
  cacheWriteTokens: number | undefined
  reasoningTokens: number | undefined
}

const kinds = ['cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const

/**
 * Sums what the trial used, in the order of its events, so that a resumed run adds up the same.
 *
 * Cost and tokens are the task's own. Without any answer of a model, or with one of unknown price,
 * there is no cost: a part of it would be a wrong number. The same holds for a request whose answer had
 * not ended when the trial did. An answer from a cassette costs the task what
 * it cost when it was recorded, and nobody anything now.
 */
export function sumTrial(events: readonly TraceEvent[]): TrialSums {
  const tally = emptyTally()
  for (const event of events) addEvent(tally, event)
  return sumsOf(tally)
}

function emptyTally(): Tally {
  return {
    costByRole: {},
    paidByRole: {},
    costUsd: 0,
    coldCostUsd: 0,
    isPriced: true,
    tokens: {
      inputTokens: 0,
      outputTokens: 0,
      cacheReadTokens: undefined,
      cacheWriteTokens: undefined,
      reasoningTokens: undefined,
    },
    modelCalls: 0,
    unanswered: 0,
    replayed: 0,
    retries: 0,
    route: undefined,
    humanMs: 0,
    served: new Set(),
    unpriced: new Set(),
  }
}

function addEvent(tally: Tally, event: TraceEvent): void {
  countUnanswered(tally, event)
  if (event.type === 'model.response') addResponse(tally, event)
  else if (event.type === 'tool.result')
    spend(tally, { role: 'tools', costUsd: event.costUsd, isPaid: true })
  else if (event.type === 'model.error')
    // The last attempt was not made again.
    tally.retries += Math.max(0, (event.attempts?.length ?? 0) - 1)
  else if (event.type === 'approval') addApproval(tally, event)
  else if (event.type === 'route') tally.route = event.tier
}

/** Whoever did not answer in time spent none of it, and another agent is nobody's minutes. */
function addApproval(tally: Tally, { decision, kind, latencyMs }: EventOf<'approval'>): void {
  if (decision !== 'timeout' && kind !== 'agent') tally.humanMs += latencyMs
}

function countUnanswered(tally: Tally, event: TraceEvent): void {
  if (event.type === 'model.request' && taskRoles.has(event.role)) tally.unanswered += 1
  const isAnswer = event.type === 'model.response' || event.type === 'model.error'
  if (isAnswer && taskRoles.has(event.role)) tally.unanswered = Math.max(0, tally.unanswered - 1)
}

function addResponse(tally: Tally, response: EventOf<'model.response'>): void {
  const { coldCostUsd, costUsd, from, modelRequested, modelServed, retries, role } = response
  const isReplayed = from === 'cassette'
  if (isReplayed) tally.replayed += 1
  tally.retries += retries
  if (modelServed !== '') tally.served.add(modelServed)
  if (costUsd === undefined) tally.unpriced.add(modelRequested)
  spend(tally, { role, costUsd, coldCostUsd, isPaid: !isReplayed })
  if (!taskRoles.has(role)) return
  tally.modelCalls += 1
  if (costUsd === undefined) tally.isPriced = false
  addTokens(tally.tokens, response.usage)
}

interface Spending {
  readonly role: LedgerRole
  readonly costUsd?: number | undefined
  readonly coldCostUsd?: number | undefined
  readonly isPaid: boolean
}

function spend(tally: Tally, { coldCostUsd, costUsd, isPaid, role }: Spending): void {
  if (costUsd === undefined) return
  tally.costByRole[role] = (tally.costByRole[role] ?? 0) + costUsd
  if (isPaid) tally.paidByRole[role] = (tally.paidByRole[role] ?? 0) + costUsd
  if (!taskRoles.has(role)) return
  tally.costUsd += costUsd
  tally.coldCostUsd += coldCostUsd ?? costUsd
}

function addTokens(tokens: Tokens, usage: EventOf<'model.response'>['usage']): void {
  tokens.inputTokens += usage.inputTokens
  tokens.outputTokens += usage.outputTokens
  for (const kind of kinds) {
    const more = usage[kind]
    if (more !== undefined) tokens[kind] = (tokens[kind] ?? 0) + more
  }
}

/** Member by member: so many spreads would cost more than the sums. */
function sumsOf(tally: Tally): TrialSums {
  const { costByRole, modelCalls, replayed, served, unpriced } = tally
  const sums: TrialSums = { costByRole, modelCalls }
  if (served.size > 0) sums.servedModels = [...served].sort()
  if (unpriced.size > 0) sums.unpricedModels = [...unpriced].sort().slice(0, keptModels)
  if (replayed > 0) {
    sums.replayed = replayed
    sums.paidByRole = tally.paidByRole
  }
  if (tally.retries > 0) sums.retries = tally.retries
  if (tally.route !== undefined) sums.route = tally.route
  if (tally.humanMs > 0) sums.humanMs = tally.humanMs
  if (modelCalls > 0) putTask(sums, tally)
  return sums
}

function putTask(
  sums: TrialSums,
  { coldCostUsd, costUsd, isPriced, tokens, unanswered }: Tally,
): void {
  const isWhole = isPriced && unanswered === 0
  if (isWhole) sums.costUsd = costUsd
  if (isWhole && coldCostUsd !== costUsd) sums.coldCostUsd = coldCostUsd
  sums.inputTokens = tokens.inputTokens
  sums.outputTokens = tokens.outputTokens
  for (const kind of kinds) {
    const sum = tokens[kind]
    if (sum !== undefined) sums[kind] = sum
  }
}
