import type { Clock, Rng } from '../../ports.ts'
import type { Provider, Service } from '../provider.ts'
import { limitService, type RetrySettings } from './limit-service.ts'
import { createPacer, type Pacer } from './pacer.ts'

interface LimitSettings extends RetrySettings {
  /** `provider:model`, as messages name it. */
  readonly key: string
  /** Requests in flight at most; fewer while the service complains. */
  readonly maxConcurrency: number
}

export interface Limiter {
  /**
   * Gives a service patience. All that share a key share one queue, with the concurrency and the
   * longest wait of whoever came first; retries and timeout are each one's own.
   */
  readonly limit: (service: Service, settings: LimitSettings) => Provider
  /** Services that are given up on at this moment, each with the line that says why. */
  readonly outages: () => readonly { readonly key: string; readonly message: string }[]
}

/**
 * Paces and retries the requests of a run: one queue for each model of each provider.
 *
 * A queue is in order of arrival, and adapts to what the service takes. It grows while answers come,
 * halves on a refusal, waits as long as the service asks, and gives up on a service that is down.
 */
export function createLimiter({
  clock,
  rng,
}: {
  readonly clock: Clock
  /** For the jitter of waiting times. */
  readonly rng: Rng
}): Limiter {
  const pacers = new Map<string, Pacer>()

  const pacerOf = (settings: LimitSettings): Pacer => {
    const known = pacers.get(settings.key)
    if (known !== undefined) return known
    const pacer = createPacer(settings, clock)
    pacers.set(settings.key, pacer)
    return pacer
  }

  return {
    limit: (service, settings) =>
      limitService({ service, settings, pacer: pacerOf(settings), clock, rng }),
    outages: () =>
      [...pacers].flatMap(([key, pacer]) => {
        const outage = pacer.outage()
        return outage === undefined ? [] : [{ key, message: outage.message }]
      }),
  }
}
