import { spent } from '../money/metered.ts'
import type { Purse } from '../money/purse.ts'
import { connectionSettings } from '../providers/connection-settings.ts'
import { withPrice } from '../providers/prices/priced.ts'
import { resolveModel } from '../providers/registry.ts'
import type { OutsideTrial } from '../replay/outside-trial.ts'
import { type OpenServer, openServer } from '../serve/open-server.ts'
import type { ProxyUpstream } from '../serve/proxy/proxy-ports.ts'
import { upstreamOf } from '../serve/proxy/upstream-of.ts'
import type { RunMeans } from './run-means.ts'

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
  })
  return { ...server, openDoors: (trial) => server.openDoors(paidFrom(purse, trial)) }
}

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
function paidFrom(purse: Purse, trial: OutsideTrial): OutsideTrial {
  return {
    ...trial,
    admitModel(request) {
      const admission = trial.admitModel(request)
      if (!admission.ok) return admission
      if (purse.isEmpty()) {
        admission.close({ ok: false, error: spent })
        return { ok: false, why: spent.message }
      }
      return {
        ok: true,
        close(reply) {
          if (reply.ok && reply.response.from === 'live') {
            purse.pay(trial.key, reply.response.costUsd ?? 0)
          }
          admission.close(reply)
        },
      }
    },
  }
}
