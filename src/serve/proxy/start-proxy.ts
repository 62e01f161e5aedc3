import type { ServedRequest, ServedResponse } from '../../ports.ts'
import type { OutsideTrial } from '../../replay/outside-trial.ts'
import { fetchAnswer, type UntoldUsage } from './fetch-answer.ts'
import type { Order } from './order.ts'
import type { ProxyPorts } from './proxy-ports.ts'
import type { Exchange } from './read-answer.ts'
import { parseObject, textIn } from './read-json.ts'
import { relayAnswer } from './relay-answer.ts'
import {
  findRoute,
  type ServiceKind,
  type ServiceRoute,
  servedPaths,
  serviceError,
} from './services.ts'
import { type Concerned, settlement } from './settle-order.ts'

/** One trial's stand-in for the model services. */
export interface ModelDoor {
  /** @param rest - path and query behind the service's name */
  readonly answer: (
    kind: ServiceKind,
    rest: string,
    request: ServedRequest,
  ) => Promise<ServedResponse>
}

/** A longer name is no model's. */
const longestModel = 200

/**
 * A stand-in for the model services: what agents ask of them is admitted by their trial, sent on with
 * our key, passed back as it comes, and written down with what it cost. It never asks twice: an agent's
 * client retries by itself, and each of its attempts is a request of its own.
 */
export function startProxy(ports: ProxyPorts): (trial: OutsideTrial) => ModelDoor {
  const untold: UntoldUsage = new Set()
  return (trial) => {
    let requests = 0
    return {
      async answer(kind, rest, request) {
        if (trial.over.aborted) return serviceError(kind, 410, 'the trial has ended')
        const route = findRoute(kind, request.method, rest)
        if (route === undefined) {
          const message = `${request.method} is not served here; there are ${servedPaths(kind)}`
          return serviceError(kind, 404, message)
        }
        const read = readOrder(route, request)
        if (!read.ok) return serviceError(kind, 400, read.why)
        const admitted = admit(trial, kind, read)
        if (admitted?.ok === false) return serviceError(kind, 402, admitted.why)
        const order = orderOf(trial, { kind, route, request, read, ordinal: requests })
        requests += 1
        const carried = { ports, order, ...(admitted !== undefined && { admission: admitted }) }
        return carry(carried, untold)
      },
    }
  }
}

type Read =
  | { readonly ok: true; readonly text: string; readonly model?: NonNullable<Order['model']> }
  | { readonly ok: false; readonly why: string }

function readOrder({ exchange }: ServiceRoute, { body }: ServedRequest): Read {
  const text = new TextDecoder().decode(body)
  return exchange === undefined ? { ok: true, text } : readModelOrder(exchange, text)
}

function readModelOrder(exchange: Exchange, text: string): Read {
  const body = parseObject(text)
  if (body === undefined) return { ok: false, why: 'the request is no JSON object' }
  const name = textIn(body['model'])
  if (name === '' || name.length > longestModel) return { ok: false, why: 'it names no model' }
  const why = exchange.refuse?.(body)
  return why === undefined
    ? { ok: true, text, model: { exchange, body, name } }
    : { ok: false, why }
}

function admit(
  trial: OutsideTrial,
  kind: ServiceKind,
  { model }: Extract<Read, { ok: true }>,
): ReturnType<OutsideTrial['admitModel']> | undefined {
  if (model === undefined) return undefined
  const { body, exchange, name } = model
  return trial.admitModel({
    reference: `${kind}:${name}`,
    messages: exchange.countMessages(body),
  })
}

interface Asked {
  readonly kind: ServiceKind
  readonly route: ServiceRoute
  readonly request: ServedRequest
  readonly read: Extract<Read, { ok: true }>
  readonly ordinal: number
}

function orderOf(trial: OutsideTrial, { kind, ordinal, read, request, route }: Asked): Order {
  const path = route.path.startsWith('/v1/') ? route.path : `/v1${route.path}`
  return {
    kind,
    route,
    request,
    recorded: {
      reference: `${kind}:${read.model?.name ?? 'none'}`,
      trial: trial.key,
      ordinal,
      method: request.method,
      path,
      body: read.text,
    },
    signal: AbortSignal.any([request.signal, trial.over]),
    over: trial.over,
    ...(read.model !== undefined && { model: read.model }),
  }
}

async function carry(
  { order, ports, ...more }: Omit<Concerned, 'startedMs' | 'release'>,
  untold: UntoldUsage,
): Promise<ServedResponse> {
  const paced = order.model !== undefined && ports.cassette.mode !== 'replay'
  const release = paced ? await ports.pace?.(order.recorded.reference, order.signal) : undefined
  const startedMs = ports.clock.nowMs()
  const settle = settlement({
    ...more,
    order,
    ports,
    startedMs,
    ...(release !== undefined && { release }),
  })
  const answered = await fetchAnswer(order, ports, untold)
  return relayAnswer(answered, { order, settle, maxLength: ports.maxBytes })
}
