import type { HttpResponse } from '../../providers/cassette/http-cassette.ts'
import type { ModelReply, ModelResponse } from '../../providers/provider.ts'
import type { Usage } from '../../schema/model-answer.ts'
import type { Order, Origin } from './order.ts'
import type { ProxyPorts } from './proxy-ports.ts'
import type { ReadAnswer } from './read-answer.ts'
import type { Outcome } from './watch-answer.ts'

/** An answer, where it is from and how long it took. */
interface Heard {
  readonly outcome: Outcome
  readonly origin: Origin | undefined
  readonly latencyMs: number
}

/**
 * What an order came to, in the terms of the trial. An answer off a cassette keeps the cost and the
 * latency that were recorded; a live one is priced.
 */
export function replyOf(
  { latencyMs, origin, outcome }: Heard,
  { model, recorded }: Order,
  { price }: Pick<ProxyPorts, 'price'>,
): ModelReply {
  if (!outcome.ok) return outcome
  const { answer } = outcome
  const asked = model?.name ?? ''
  if (origin?.from === 'cassette') {
    return { ok: true, response: replayed(answer, origin.found, asked) }
  }
  const response = {
    ...told(answer, answer.usage, asked),
    latencyMs,
    retries: 0,
    from: 'live',
  } as const
  // What nobody counted has no price, which is not the price of nothing.
  if (answer.usage === undefined) return { ok: true, response }
  return { ok: true, response: price(recorded.reference, response) }
}

function replayed(answer: ReadAnswer, found: HttpResponse, asked: string): ModelResponse {
  const { attempts, coldCostUsd, costUsd, latencyMs, usage = answer.usage } = found
  return {
    ...told(answer, usage, asked),
    ...(costUsd !== undefined && { costUsd }),
    ...(coldCostUsd !== undefined && { coldCostUsd }),
    ...(attempts !== undefined && { attempts }),
    retries: attempts?.length ?? 0,
    latencyMs,
    from: 'cassette',
  }
}

/** A response has to have its numbers; as no cost stands beside them, nobody takes these for one. */
const untold: Usage = { inputTokens: 0, outputTokens: 0 }

function told(
  { content, modelServed, stopReason }: ReadAnswer,
  usage: Usage = untold,
  asked: string,
): Pick<ModelResponse, 'content' | 'modelServed' | 'stopReason' | 'usage'> {
  return { content, modelServed: modelServed === '' ? asked : modelServed, stopReason, usage }
}
