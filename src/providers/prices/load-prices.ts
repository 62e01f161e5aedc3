import { asJson } from '../../schema/json.ts'
import { hashOf } from '../../text/hash.ts'
import { listName, loadListedTariffs } from './listed-tariffs.ts'
import { makerOf } from './maker-of.ts'
import { type OwnPrices, ownTariff } from './own-tariffs.ts'
import {
  type AnswerToPrice,
  type PriceList,
  type ServiceAddress,
  splitReference,
  type Tariff,
} from './price-list.ts'

/** Where prices come from besides the list. */
interface PriceSources {
  /** Later ones beat earlier ones: the project's, then the candidate's. */
  readonly overrides: readonly OwnPrices[]
  /** Model services by name, as `agent-eval.yaml` has them. */
  readonly providers: Readonly<Record<string, ServiceAddress>>
  /** May send `openai:` and `anthropic:` somewhere else than to their makers. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Digits of a fingerprint that is there to be compared by eye. */
const shortHash = 8

/**
 * The prices of a run: those that the configuration names, else those that the makers publish.
 *
 * Loads the price list, so that only runs with real models should ask for it.
 */
export async function loadPrices({ env, overrides, providers }: PriceSources): Promise<PriceList> {
  const listed = await loadListedTariffs()

  const listedTariff = ({ modelServed = '', reference }: Asked): Tariff | undefined => {
    const { model, provider } = splitReference(reference)
    const settings = Object.hasOwn(providers, provider) ? providers[provider] : undefined
    const maker = makerOf(provider, { settings, env })
    if (maker === undefined) return undefined
    // What served says more: "gpt-4o" is another model every year.
    return listed(maker, modelServed) ?? listed(maker, model)
  }
  const tariffOf = (asked: Asked): Tariff | undefined =>
    ownTariff(overrides, asked) ?? listedTariff(asked)

  return {
    version: versionOf(overrides),
    priceOf: ({ usage, ...asked }) => {
      const price = tariffOf(asked)?.(usage)
      const isNumber = Number.isFinite(price?.costUsd) && Number.isFinite(price?.coldCostUsd)
      return isNumber ? price : undefined
    },
    isPriced: (reference) => tariffOf({ reference }) !== undefined,
    ownKeys: [...new Set(overrides.flatMap((one) => Object.keys(one)))],
  }
}

type Asked = Omit<AnswerToPrice, 'usage'>

/** `@pydantic/genai-prices 0.1.8`, and which prices of one's own beat it. */
function versionOf(overrides: readonly OwnPrices[]): string {
  const own = overrides.filter((one) => Object.keys(one).length > 0)
  if (own.length === 0) return listName
  const digits = hashOf(asJson(own)).split(':')[1] ?? ''
  return `${listName}, own prices ${digits.slice(0, shortHash)}`
}
