import type {
  ModelFailure,
  ModelReply,
  ModelRequest,
  ModelResponse,
  Provider,
} from '../providers/provider.ts'
import type { LedgerRole } from '../schema/trace.ts'
import type { Books } from './recorder.ts'

/** One request, and who makes it. */
interface Asked {
  readonly role: LedgerRole
  readonly provider: Provider
  /** The model as the configuration names it: `provider:model`. */
  readonly reference: string
  /** The candidate's tier, where it is the candidate who asks. */
  readonly tier?: string
  readonly request: ModelRequest
}

/** Asks a model and writes down what was asked, what came back and what it cost. */
export async function askModel(
  { provider, reference, request, role, tier }: Asked,
  books: Books,
  signal: AbortSignal,
): Promise<ModelReply> {
  const { ordinal } = request
  books.record({
    type: 'model.request',
    role,
    ordinal,
    model: reference,
    ...(tier !== undefined && { tier }),
    messages: request.messages.length,
  })
  const reply = await provider.complete(request, signal)
  recordReply(reply, { role, ordinal, reference }, books)
  return reply
}

/** Who asked, for what, and which request of theirs it was. */
interface AskedBy {
  readonly role: LedgerRole
  readonly ordinal: number
  /** The model as it was asked for: `provider:model`. */
  readonly reference: string
}

/** Writes down what came of a model request, and charges what it cost. */
export function recordReply(reply: ModelReply, by: AskedBy, books: Books): void {
  if (reply.ok) recordResponse(reply.response, by, books)
  else recordFailure(reply.error, by, books)
}

function recordFailure(
  { attempts = [], class: kind, message }: ModelFailure,
  { role }: AskedBy,
  books: Books,
): void {
  const failed = attempts.length > 0 ? { attempts: [...attempts] } : {}
  books.record({ type: 'model.error', role, class: kind, message, ...failed })
}

function recordResponse(
  response: ModelResponse,
  { ordinal, reference, role }: AskedBy,
  books: Books,
): void {
  const { attempts = [], coldCostUsd, costUsd, from, latencyMs, modelServed } = response
  const { retries, stopReason, usage } = response
  books.record({
    type: 'model.response',
    role,
    ordinal,
    modelRequested: reference,
    modelServed,
    stopReason,
    usage,
    ...(costUsd !== undefined && { costUsd }),
    ...(coldCostUsd !== undefined && { coldCostUsd }),
    latencyMs,
    retries,
    ...(attempts.length > 0 && { attempts: [...attempts] }),
    from,
  })
  books.charge(role, {
    model_calls: 1,
    tokens: usage.inputTokens + usage.outputTokens,
    cost_usd: costUsd ?? 0,
    // How long a simulated user takes says nothing about the agent, and would stand in its latency.
    ...(role !== 'user_simulator' && { wall_ms: latencyMs }),
  })
}
