import { AgentEvalError } from '../errors.ts'
import { metered } from '../money/metered.ts'
import { checkModel } from '../providers/check-model.ts'
import { openService } from '../providers/open-service.ts'
import { priced } from '../providers/prices/priced.ts'
import type { Provider } from '../providers/provider.ts'
import { createReferenceProvider, type ScriptOf } from '../providers/reference/reference.ts'
import { type ResolvedModel, resolveModel } from '../providers/registry.ts'
import type { RunMeans } from './run-means.ts'

/** A model that can be asked. */
interface OpenedModel {
  /** As the configuration names it: `provider:model`. */
  readonly reference: string
  /** What the provider calls the model. */
  readonly model: string
  readonly provider: Provider
}

/** Opens models by their references. */
export interface Models {
  /**
   * @param scriptOf - whose part the reference provider plays; other providers play no part
   * @throws AgentEvalError (usage) for a model that no provider has, or whose key is missing
   */
  readonly open: (reference: string, scriptOf: ScriptOf) => OpenedModel
  /**
   * Loads what live models are reached through, so that no trial waits for it.
   *
   * @throws AgentEvalError (input) for a module that cannot be loaded
   */
  readonly load: () => Promise<void>
}

/**
 * Opens models so that every answer is paced, priced, paid and put on the cassette, in this order: a
 * replayed answer has the cost and the attempts that it had, and goes past service and purse.
 *
 * @param means - absent: only the reference provider can be asked
 */
export function openModels(means: RunMeans | undefined): Models {
  const loads: (() => Promise<void>)[] = []
  return {
    open(reference, scriptOf) {
      const resolved = resolveModel(reference, means?.providers)
      const { kind, model } = resolved
      if (kind === 'reference')
        return { reference, model, provider: createReferenceProvider(scriptOf) }
      // Votes that are stored are no agent's answers, in a replay neither.
      if (means === undefined || kind === 'stored') {
        throw new AgentEvalError(`"${reference}" cannot be asked here`, 'usage', {
          hint:
            kind === 'stored'
              ? 'only a judge may be stored votes'
              : 'this command plays with the reference provider only',
        })
      }
      return { reference, model, provider: liveProvider(resolved, means, loads) }
    },
    async load() {
      await Promise.all(loads.map((load) => load()))
    },
  }
}

function liveProvider(
  resolved: ResolvedModel,
  means: RunMeans,
  loads: (() => Promise<void>)[],
): Provider {
  const { cassette, isDry, limiter, outside, prices, purse, root } = means
  const { name, reference, settings } = resolved
  if (isDry === true) return neverAsked
  if (cassette.mode === 'replay') return cassette.wrap(neverAsked, reference)
  checkModel(resolved, outside.env)
  const service = openService(resolved, { outside, root })
  loads.push(service.load)
  const limited = limiter.limit(service, {
    key: reference,
    maxConcurrency: settings.max_concurrency,
    maxRetries: settings.max_retries,
    maxWaitMs: settings.max_wait_seconds * 1000,
    timeoutMs: settings.timeout_seconds * 1000,
  })
  const known = prices === undefined ? limited : priced(limited, { prices, name })
  return cassette.wrap(metered(known, purse), reference)
}

/** A replay and a dry run need no service and no key. */
const neverAsked: Provider = {
  complete: () => Promise.reject(new Error('a model was asked that nobody was to ask')),
}
