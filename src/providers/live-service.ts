import type { JsonValue } from '../schema/json.ts'
import type { Connection } from './connection.ts'
import { type FailureWords, failureWords, readRefusal } from './failed-attempt.ts'
import { member, parseJson } from './foreign-json.ts'
import type {
  AttemptReply,
  ModelReply,
  ModelRequest,
  ModelResponse,
  Service,
  ServiceHints,
} from './provider.ts'
import { readHints } from './read-hints.ts'

/** What a service's answer says; the rest of a response is how it came about. */
export type Answer = Omit<ModelResponse, 'latencyMs' | 'retries' | 'from'>

/** One protocol, as its client speaks it. */
export interface Wire {
  /** @throws the client's own errors for answers other than 2xx and for no answer */
  readonly send: (request: ModelRequest, signal: AbortSignal) => Promise<Response>
  /** @returns `undefined` for a body that holds no answer */
  readonly read: (body: JsonValue, request: ModelRequest) => Answer | undefined
  readonly isTimeout: (error: unknown) => boolean
}

/** A service that can be made ready ahead of its first request. */
export interface LiveService extends Service {
  /**
   * Loads what the requests go through, so that no request waits for it.
   *
   * @throws AgentEvalError (input) for a module that cannot be loaded
   */
  readonly load: () => Promise<void>
}

/**
 * One attempt a call over HTTP, whatever the protocol. Nothing that happens is an exception. An
 * attempt's signal is its own, as the limiter makes it: the clients never take their listeners off.
 */
export function liveService(connection: Connection, open: () => Promise<Wire>): LiveService {
  const { clock, key, keyEnv } = connection
  const failure = failureWords(connection)
  let opened: Promise<Wire> | undefined
  const wire = (): Promise<Wire> => (opened ??= open())
  return {
    async load() {
      await wire()
    },
    async attempt(request, signal) {
      if (keyEnv !== undefined && key === undefined) {
        const error = failure.of('auth', `there is no key: set ${keyEnv}`)
        return { ok: false, error, hints: {}, latencyMs: 0 }
      }
      const client = await wire()
      const startMs = clock.nowMs()
      const exchanged = await exchange(client, { request, signal, failure })
      return timed(exchanged, clock.nowMs() - startMs)
    },
  }
}

interface Asking {
  readonly request: ModelRequest
  readonly signal: AbortSignal
  readonly failure: FailureWords
}

interface Exchanged {
  readonly reply:
    | { readonly ok: true; readonly answer: Answer }
    | Extract<ModelReply, { ok: false }>
  readonly hints: ServiceHints
}

async function exchange(wire: Wire, { failure, request, signal }: Asking): Promise<Exchanged> {
  try {
    const response = await wire.send(request, signal)
    const hints = readHints(response.status, response.headers)
    return { hints, reply: readBody(await response.text(), wire, { failure, request }) }
  } catch (error) {
    const aborted = failure.of('timeout', 'the request was aborted')
    if (signal.aborted) return { hints: {}, reply: { ok: false, error: aborted } }
    const { headers, status } = error as { readonly headers?: unknown; readonly status?: unknown }
    const hints = readHints(
      typeof status === 'number' ? status : undefined,
      headers instanceof Headers ? headers : undefined,
    )
    return { hints, reply: { ok: false, error: failure.ofError(error, wire.isTimeout(error)) } }
  }
}

function readBody(
  text: string,
  wire: Wire,
  { failure, request }: Omit<Asking, 'signal'>,
): Exchanged['reply'] {
  const body = parseJson(text)
  if (body === undefined) {
    return { ok: false, error: failure.of('transient', 'the answer is no JSON') }
  }
  const answer = wire.read(body, request)
  if (answer !== undefined) return { ok: true, answer }
  const inBody = member(body, 'error')
  // Gateways put errors of the service behind them into an answer of 200.
  if (typeof inBody === 'object' && inBody !== null) {
    const code = member(inBody, 'code')
    const status = typeof code === 'number' && code >= 400 && code < 600 ? code : 502
    return { ok: false, error: failure.ofRefusal(readRefusal(status, body, 'an error')) }
  }
  return { ok: false, error: failure.of('transient', 'the answer holds no message') }
}

function timed({ hints, reply }: Exchanged, elapsedMs: number): AttemptReply {
  const latencyMs = Math.max(0, elapsedMs)
  if (!reply.ok) return { ...reply, hints, latencyMs }
  const response = { ...reply.answer, latencyMs, retries: 0, from: 'live' } as const
  return { ok: true, response, hints, latencyMs }
}
