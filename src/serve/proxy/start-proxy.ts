import type { ServedRequest, ServedResponse } from '../../ports.ts'
import type { ModelAdmission, OutsideTrial } from '../../replay/outside-trial.ts'
import { fetchAnswer, type UntoldUsage } from './fetch-answer.ts'
import type { Order } from './order.ts'
import { type Patiences, patiences } from './patience.ts'
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
import { settlement } from './settle-order.ts'
import { type TakeTurn, takeTurns } from './take-turns.ts'

/** One trial's stand-in for the model services. */
export interface ModelDoor {
  /** @param rest - path and query behind the service's name */
  readonly answer: (
    kind: ServiceKind,
    rest: string,
    request: ServedRequest,
  ) => Promise<ServedResponse>
}

/** The stand-ins of all trials. */
export interface Proxy {
  readonly open: (trial: OutsideTrial) => ModelDoor
  /** Whatever is still on its way ends. */
  readonly close: () => void
}

/** A longer name is no model's. */
const longestModel = 200

/** What the requests of one trial share. */
interface Desk {
  readonly ports: ProxyPorts
  readonly trial: OutsideTrial
  readonly untold: UntoldUsage
  readonly patiences: Patiences
  readonly takeTurn: TakeTurn
}

/**
 * A stand-in for the model services: what agents ask of them is admitted by their trial, sent on with
 * our key, passed back as it comes, and written down with what it cost. It never asks twice: an agent's
 * client retries by itself, and each of its attempts is a request of its own.
 */
export function startProxy(ports: ProxyPorts): Proxy {
  const untold: UntoldUsage = new Set()
  const all = patiences(ports.clock)
  return {
    close: all.close,
    open(trial) {
      const takeTurn = takeTurns(ports.maxOpen ?? Number.POSITIVE_INFINITY)
      const desk: Desk = { ports, trial, untold, patiences: all, takeTurn }
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
          const ordinal = requests
          requests += 1
          const order = orderOf(trial, { kind, route, request, read, ordinal })
          return order.model === undefined ? carry(order, desk, {}) : inTurn(order, desk)
        },
      }
    },
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

/** An order before it is known how long its answer is waited for. */
type OpenOrder = Omit<Order, 'enough'>

/** Lets a request pass when it may be sent, and not before: what others cost meanwhile counts. */
async function inTurn(order: OpenOrder, desk: Desk): Promise<ServedResponse> {
  const leave = await desk.takeTurn(order.signal)
  if (leave === undefined) return serviceError(order.kind, 410, 'nobody waits for it any longer')
  const admission = admit(desk.trial, order)
  if (admission?.ok === false) {
    leave()
    return serviceError(order.kind, admission.status ?? 402, admission.why)
  }
  return carry(order, desk, { leave, ...(admission !== undefined && { admission }) })
}

function admit(
  trial: OutsideTrial,
  { model, recorded }: OpenOrder,
): ReturnType<OutsideTrial['admitModel']> | undefined {
  if (model === undefined) return undefined
  return trial.admitModel({
    reference: recorded.reference,
    messages: model.exchange.countMessages(model.body),
  })
}

interface Asked {
  readonly kind: ServiceKind
  readonly route: ServiceRoute
  readonly request: ServedRequest
  readonly read: Extract<Read, { ok: true }>
  readonly ordinal: number
}

function orderOf(trial: OutsideTrial, { kind, ordinal, read, request, route }: Asked): OpenOrder {
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

interface Passed {
  readonly admission?: Extract<ModelAdmission, { readonly ok: true }>
  /** Its turn is over. */
  readonly leave?: () => void
}

async function carry(
  asked: OpenOrder,
  { patiences: all, ports, untold }: Desk,
  { admission, leave }: Passed,
): Promise<ServedResponse> {
  const patience = all.begin(asked.signal)
  const order: Order = { ...asked, enough: patience.signal }
  const settle = settlement({
    order,
    ports,
    startedMs: ports.clock.nowMs(),
    ...(admission !== undefined && { admission }),
    release() {
      patience.done()
      leave?.()
    },
  })
  const answered = await fetchAnswer(order, ports, untold)
  return relayAnswer(answered, { order, settle, maxLength: ports.maxBytes })
}
