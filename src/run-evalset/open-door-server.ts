import { payReply, spent } from '../money/metered.ts'
import { connectionSettings } from '../providers/connection-settings.ts'
import { withPrice } from '../providers/prices/priced.ts'
import type { ModelFailure } from '../providers/provider.ts'
import { resolveModel } from '../providers/registry.ts'
import type { OutsideTrial } from '../replay/outside-trial.ts'
import { type OpenServer, openServer } from '../serve/open-server.ts'
import type { ProxyUpstream } from '../serve/proxy/proxy-ports.ts'
import { upstreamOf } from '../serve/proxy/upstream-of.ts'
import type { RunMeans } from './run-means.ts'
import { noPrice } from './why-unfinished.ts'

/** The server through which agents outside reach the world and their models. */
export async function openDoorServer(means: RunMeans): Promise<OpenServer> {
  const { cassette, outside, prices, purse } = means
  const server = await openServer({
    listen: outside.listen,
    fetch: outside.fetch,
    clock: outside.clock,
    upstreams: { ...upstream('openai', means), ...upstream('anthropic', means) },
    price: (reference, response) =>
      prices === undefined ? response : withPrice(response, { prices, reference }),
    cassette: cassette.http,
    ...(purse.hasLimit && cassette.mode !== 'replay' && { maxOpen: openUnderBudget }),
  })
  return { ...server, openDoors: (trial) => server.openDoors(paidFrom(means, trial)) }
}

/**
 * What a request costs is known only when it has ended, so that as many as are open at once can pass the
 * budget. Agents seldom ask more than this side by side.
 */
const openUnderBudget = 2

/** A replay goes nowhere, and needs no address. */
const nowhere: ProxyUpstream = { baseUrl: 'http://127.0.0.1', headers: () => ({}) }

/** A service whose key nobody has is not there: its requests are refused with a message that says so. */
function upstream(
  kind: 'openai' | 'anthropic',
  { cassette, outside, providers }: RunMeans,
): Partial<Record<typeof kind, ProxyUpstream>> {
  if (cassette.mode === 'replay') return { [kind]: nowhere }
  const connection = connectionSettings(resolveModel(`${kind}:any`, providers), outside.env)
  if (connection.keyEnv !== undefined && connection.key === undefined) return {}
  return { [kind]: upstreamOf(connection) }
}

/** What an agent outside asks of models comes from the same purse as everything else. */
function paidFrom(means: RunMeans, trial: OutsideTrial): OutsideTrial {
  const { purse } = means
  return {
    ...trial,
    admitModel(request) {
      const admission = trial.admitModel(request)
      if (!admission.ok) return admission
      const error = purse.isEmpty() ? spent : unpriced(request.reference, trial, means)
      if (error !== undefined) {
        admission.close({ ok: false, error })
        return { ok: false, why: error.message }
      }
      return {
        ok: true,
        close(reply) {
          // Sent for and not waited for: the service is paid all the same.
          if (!reply.ok && reply.error.class === 'timeout') purse.payUnknown(trial.key)
          payReply(purse, trial.key, reply)
          admission.close(reply)
        },
      }
    },
  }
}

/** Which models an agent of one's own asks shows only now, and what has no price no budget would stop. */
function unpriced(
  reference: string,
  { hasCostLimit }: OutsideTrial,
  { cassette, prices, purse }: RunMeans,
): ModelFailure | undefined {
  if (cassette.mode === 'replay' || prices?.isPriced(reference) !== false) return undefined
  if (!hasCostLimit && !purse.hasLimit) return undefined
  const limit = hasCostLimit ? 'budgets.max_cost_usd limits the trial' : 'the run has a budget'
  const key = `money.prices of agent-eval.yaml: ${JSON.stringify(reference)}`
  return { class: 'auth', message: `${noPrice}, and ${limit}: set it in ${key}` }
}
