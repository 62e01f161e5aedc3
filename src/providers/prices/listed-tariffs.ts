import type { Provider as ListedMaker, ModelInfo, ModelPrice } from '@pydantic/genai-prices'
import type { Maker } from './maker-of.ts'
import type { Tariff } from './price-list.ts'
import { type TokenUsage, tokenUsage, withColdCache } from './token-usage.ts'

/** The price list, pinned: it is offline, and equal versions give equal prices. */
export const listName = '@pydantic/genai-prices 0.1.8'

/**
 * The day as of which the list is read, that of its publication. Some models have prices that begin on a
 * day; by the day of the run the same tokens would cost something else tomorrow.
 */
export const listDay = '2026-09-23'

/** Models that are looked up again and again; a foreign agent may name any number of others. */
const remembered = 200

/**
 * The makers' published prices, by maker and model name. Without a price for input and for output a
 * model has none: the list knows some (speech, moderation) that would seem to be free.
 *
 * Loads the list, which takes some 70 ms: only for who asks real models.
 */
export async function loadListedTariffs(): Promise<
  (maker: Maker, model: string) => Tariff | undefined
> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices')
  const lists = new Map<Maker, ListedMaker | undefined>()
  const known = new Map<string, Tariff | undefined>()

  const listOf = (maker: Maker): ListedMaker | undefined => {
    if (!lists.has(maker)) lists.set(maker, asOfListDay(findProvider({ providerId: maker })))
    return lists.get(maker)
  }
  const lookUp = (maker: Maker, model: string): Tariff | undefined => {
    const provider = listOf(maker)
    const found = provider && calcPrice({}, model, { provider })
    if (provider === undefined || !found || !pricesText(found.model_price)) return undefined
    const { id } = found.model
    const only = { ...provider, models: provider.models.filter((one) => one.id === id) }
    const cost = (usage: TokenUsage): number | undefined =>
      calcPrice(asListed(usage), model, { provider: only })?.total_price
    return (usage) => priceBy(cost, tokenUsage(usage))
  }
  return (maker, model) => {
    const key = `${maker}:${model}`
    if (!known.has(key)) {
      if (known.size >= remembered) known.clear()
      known.set(key, lookUp(maker, model))
    }
    return known.get(key)
  }
}

/** The list with one price a model; a model whose price changes with the hour has none that holds. */
function asOfListDay(maker: ListedMaker | undefined): ListedMaker | undefined {
  if (maker === undefined) return undefined
  const models = maker.models.flatMap((model) => {
    const prices = pricesOnListDay(model)
    return prices === undefined ? [] : [{ ...model, prices }]
  })
  return { ...maker, models }
}

/** Later entries beat earlier ones, as in the package. Dates are ISO, so that text order is theirs. */
function pricesOnListDay({ prices }: ModelInfo): ModelPrice | undefined {
  if (!Array.isArray(prices)) return prices
  const isByHour = prices.some(({ constraint }) => constraint?.type === 'time_of_date')
  if (isByHour) return undefined
  return prices.findLast(
    ({ constraint }) =>
      constraint === undefined ||
      (constraint.type === 'start_date' && constraint.start_date <= listDay),
  )?.prices
}

function pricesText(prices: ModelPrice): boolean {
  return prices['input_mtok'] !== undefined && prices['output_mtok'] !== undefined
}

/** The list wants the input with all that the caches had to do with. */
function asListed(usage: TokenUsage): Record<string, number> {
  const { cacheReadTokens, cacheWriteTokens, outputTokens, plainTokens } = usage
  return {
    input_tokens: plainTokens + cacheReadTokens + cacheWriteTokens,
    cache_read_tokens: cacheReadTokens,
    cache_write_tokens: cacheWriteTokens,
    output_tokens: outputTokens,
  }
}

function priceBy(
  cost: (usage: TokenUsage) => number | undefined,
  usage: TokenUsage | undefined,
): ReturnType<Tariff> {
  if (usage === undefined) return undefined
  const costUsd = cost(usage)
  const coldCostUsd = cost(withColdCache(usage))
  return costUsd === undefined || coldCostUsd === undefined ? undefined : { costUsd, coldCostUsd }
}
