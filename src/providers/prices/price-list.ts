import type { Usage } from '../../schema/model-answer.ts'
import type { ProviderSettings } from '../../schema/project.ts'

/** One answer to be priced. */
export interface AnswerToPrice {
  /** The model as it was asked for: `provider:model`. */
  readonly reference: string
  /** The model that says it answered; empty or absent where nobody said. */
  readonly modelServed?: string
  /** `inputTokens` includes what was read from a cache and written to one. */
  readonly usage: Usage
}

/** US dollars, not rounded. */
interface Price {
  readonly costUsd: number
  /** The same tokens without any cache, neither read from nor written to. */
  readonly coldCostUsd: number
}

/** What answers cost. Unknown is `undefined`, never 0. */
export interface PriceList {
  /** Whose prices these are, for the record of a run. */
  readonly version: string
  readonly priceOf: (answer: AnswerToPrice) => Price | undefined
  /** Whether answers to this model, `provider:model`, have a price whatever model then serves it. */
  readonly isPriced: (reference: string) => boolean
  /** Keys of the prices that the configuration names itself. */
  readonly ownKeys?: readonly string[]
}

/** A price of whole kinds of tokens: how a list or an override turns usage into dollars. */
export type Tariff = (usage: Usage) => Price | undefined

/** What of a provider's settings tells whose service it is. */
export type ServiceAddress = Pick<ProviderSettings, 'kind' | 'base_url'>

/** A model reference taken apart at its first colon. */
export function splitReference(reference: string): {
  readonly provider: string
  readonly model: string
} {
  const colon = reference.indexOf(':')
  if (colon === -1) return { provider: reference, model: '' }
  return { provider: reference.slice(0, colon), model: reference.slice(colon + 1) }
}
