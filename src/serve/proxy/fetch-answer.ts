import type { JsonObject } from '../../schema/json.ts'
import type { Answered, Order } from './order.ts'
import type { ProxyPorts } from './proxy-ports.ts'
import { type Sent, sendLive } from './send-live.ts'
import type { ServiceKind } from './services.ts'
import { oneText, wholeText } from './whole-text.ts'

/** Services that refused to tell the usage of a stream; they are not asked again. */
export type UntoldUsage = Set<ServiceKind>

/** Gets the answer of an order: off the cassette and only from there, or from the service. */
export async function fetchAnswer(
  order: Order,
  ports: ProxyPorts,
  untold: UntoldUsage,
): Promise<Answered> {
  const { cassette, upstreams } = ports
  if (cassette.mode === 'replay') return replay(order, ports)
  if (upstreams[order.kind] === undefined) {
    const message = `no ${order.kind} service is configured: set its key or its base_url`
    return { ok: false, status: 401, error: { class: 'auth', message } }
  }
  const asking = untold.has(order.kind) ? undefined : withUsage(order)
  const sent = await send(order, ports, asking)
  if (asking === undefined || !sent.ok || sent.status !== 400) {
    return arrived(sent, asking !== undefined)
  }
  const why = await wholeText(sent.body, ports.maxBytes).catch(() => '')
  if (!/stream_options|include_usage/.test(why)) {
    return arrived({ ...sent, body: oneText(why) }, false)
  }
  untold.add(order.kind)
  return arrived(await send(order, ports, undefined), false)
}

function replay({ recorded }: Order, { cassette }: ProxyPorts): Answered {
  const found = cassette.find(recorded)
  if (!found.ok) {
    return { ok: false, status: 404, error: { class: 'cassette_miss', message: found.message } }
  }
  const { body, headers, status } = found.response
  const origin = { from: 'cassette', found: found.response } as const
  return { ok: true, status, headers, body: oneText(body), origin }
}

function withUsage({ model }: Order): JsonObject | undefined {
  return model?.exchange.askForUsage?.(model.body)
}

/** @param body - in place of the agent's own */
async function send(
  { enough, kind, recorded, request, route }: Order,
  { fetch, upstreams }: ProxyPorts,
  body: JsonObject | undefined,
): Promise<Sent> {
  const upstream = upstreams[kind]
  if (upstream === undefined) return { ok: false, class: 'auth', message: `no ${kind} service` }
  const text = body === undefined ? recorded.body : JSON.stringify(body)
  const { headers, method } = request
  const live = { method, path: route.path, headers, body: method === 'GET' ? undefined : text }
  return sendLive(fetch, upstream, { request: live, signal: enough })
}

function arrived(sent: Sent, hasExtra: boolean): Answered {
  if (!sent.ok) {
    return { ok: false, status: 502, error: { class: sent.class, message: sent.message } }
  }
  return { ...sent, origin: { from: 'live', hasExtra } }
}
