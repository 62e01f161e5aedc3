import type { ModelFailure, ModelReply, Provider } from '../providers/provider.ts'
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
      payReply(purse, request.trial, reply)
      return reply
    },
  }
}

/** Pays for an answer. One whose cost nobody knows is not free. */
export function payReply(purse: Purse, trial: string, reply: ModelReply): void {
  if (!reply.ok || reply.response.from !== 'live') return
  const { costUsd } = reply.response
  if (costUsd === undefined) purse.payUnknown(trial)
  else purse.pay(trial, costUsd)
}
