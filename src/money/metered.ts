import type { ModelFailure, Provider } from '../providers/provider.ts'
import type { Purse } from './purse.ts'

/** Why a request was not sent. */
export const spent: ModelFailure = { class: 'budget', message: 'the budget of the run is spent' }

/**
 * A provider whose answers are paid from a purse: once the purse is empty nothing more is sent.
 *
 * The trial that meets an empty purse is not finished by that and says nothing about the agent: whoever
 * runs it sees the class `budget` in its trace.
 */
export function metered(provider: Provider, purse: Purse): Provider {
  return {
    async complete(request, signal) {
      if (purse.isEmpty()) return { ok: false, error: spent }
      const reply = await provider.complete(request, signal)
      if (reply.ok && reply.response.from === 'live') {
        purse.pay(request.trial, reply.response.costUsd ?? 0)
      }
      return reply
    },
  }
}
