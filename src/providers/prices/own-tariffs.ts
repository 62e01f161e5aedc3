import type { TokenPrices } from '../../schema/candidate.ts'
import { type AnswerToPrice, splitReference, type Tariff } from './price-list.ts'
import { type TokenUsage, tokenUsage, withColdCache } from './token-usage.ts'

/** Prices that a configuration names, by `provider:model` or by the model's name. */
export type OwnPrices = Readonly<Record<string, TokenPrices>>

/**
 * Finds the price that the configuration names for an answer. A later set beats an earlier one; within a
 * set the full reference beats the model's name, and the model that was asked for the one that served.
 */
export function ownTariff(
  sets: readonly OwnPrices[],
  { modelServed = '', reference }: Omit<AnswerToPrice, 'usage'>,
): Tariff | undefined {
  const { model, provider } = splitReference(reference)
  const names = [reference, model, `${provider}:${modelServed}`, modelServed]
  for (const prices of sets.toReversed()) {
    // A model may be called "constructor".
    const name = names.find((one) => Object.hasOwn(prices, one))
    const found = name === undefined ? undefined : prices[name]
    if (found !== undefined) return (usage) => priceWith(found, tokenUsage(usage))
  }
  return undefined
}

function priceWith(prices: TokenPrices, usage: TokenUsage | undefined): ReturnType<Tariff> {
  if (usage === undefined) return undefined
  return { costUsd: costOf(prices, usage), coldCostUsd: costOf(prices, withColdCache(usage)) }
}

function costOf(prices: TokenPrices, usage: TokenUsage): number {
  const { input_per_mtok, output_per_mtok } = prices
  const { cache_read_per_mtok = input_per_mtok, cache_write_per_mtok = input_per_mtok } = prices
  const sum =
    usage.plainTokens * input_per_mtok +
    usage.cacheReadTokens * cache_read_per_mtok +
    usage.cacheWriteTokens * cache_write_per_mtok +
    usage.outputTokens * output_per_mtok
  return sum / 1_000_000
}
