import type { ModelResponse, Provider } from '../provider.ts'
import type { PriceList } from './price-list.ts'

/** Which price the answers of a provider have. */
interface Pricing {
  readonly prices: PriceList
  /** What stands before the colon of a model reference; the model is each request's own. */
  readonly name: string
}

/** Puts a cost on every live answer of a provider that has none. */
export function priced(provider: Provider, { name, prices }: Pricing): Provider {
  return {
    async complete(request, signal) {
      const reply = await provider.complete(request, signal)
      if (!reply.ok) return reply
      const reference = `${name}:${request.model}`
      return { ok: true, response: withPrice(reply.response, { prices, reference }) }
    },
  }
}

/** Which price one answer has. */
interface AnswerPricing {
  readonly prices: PriceList
  /** The model as it was asked for: `provider:model`. */
  readonly reference: string
}

/**
 * A live answer with its cost. What a cassette recorded stays as it was, as does what a module says of
 * itself, unless that is no amount of money: such a cost is dropped, and the answer is priced like any
 * other.
 */
export function withPrice(
  response: ModelResponse,
  { prices, reference }: AnswerPricing,
): ModelResponse {
  if (response.from !== 'live') return response
  const { coldCostUsd: claimedCold, costUsd: claimed, ...unpriced } = response
  if (isMoney(claimed)) {
    return { ...unpriced, costUsd: claimed, ...cold(claimed, claimedCold) }
  }
  const { modelServed, usage } = response
  const price = prices.priceOf({ reference, modelServed, usage })
  if (price === undefined) return unpriced
  return { ...unpriced, costUsd: price.costUsd, ...cold(price.costUsd, price.coldCostUsd) }
}

/** Said only where it differs. */
function cold(
  costUsd: number,
  coldCostUsd: number | undefined,
): Pick<ModelResponse, 'coldCostUsd'> {
  return isMoney(coldCostUsd) && coldCostUsd !== costUsd ? { coldCostUsd } : {}
}

function isMoney(amount: number | undefined): amount is number {
  return amount !== undefined && Number.isFinite(amount) && amount >= 0
}
