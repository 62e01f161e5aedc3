import type { ModelReply, ModelRequest, Provider } from '../providers/provider.ts'
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

/**
 * Asks a model and writes down what was asked, what came back and what it cost.
 *
 * The time that a simulated user takes is not charged: it says nothing about the agent, and would
 * stand in its latency.
 */
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
  if (!reply.ok) {
    books.record({ type: 'model.error', role, ...reply.error })
    return reply
  }
  const { modelServed, stopReason, usage, costUsd, latencyMs, retries, from } = reply.response
  books.record({
    type: 'model.response',
    role,
    ordinal,
    modelRequested: reference,
    modelServed,
    stopReason,
    usage,
    ...(costUsd !== undefined && { costUsd }),
    latencyMs,
    retries,
    from,
  })
  books.charge(role, {
    model_calls: 1,
    tokens: usage.inputTokens + usage.outputTokens,
    cost_usd: costUsd ?? 0,
    ...(role !== 'user_simulator' && { wall_ms: latencyMs }),
  })
  return reply
}
