import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { PlainRequest } from './plain-request.ts'

/** A way out of one protocol. */
export interface Door {
  readonly open: (url: URL, options: RequestOptions) => ClientRequest
  /** Keeps connections; `false` takes a new one and closes it afterwards. */
  readonly agent: Agent | false
}

/** Many servers close a connection that nobody has used for 5 s. A shorter time that one tells counts. */
const keptMs = 4_000

/** As long as Node's `fetch` waits for a connection. */
const connectMs = 10_000

/** With what TLS Node has by default, and loaded only where it is wanted. */
export async function openDoor(protocol: string): Promise<Door> {
  const { Agent, request } = await (protocol === 'https:'
    ? import('node:https')
    : import('node:http'))
  return { open: request, agent: new Agent({ keepAlive: true, timeout: keptMs }) }
}

export type Sent =
  | { readonly ok: true; readonly incoming: IncomingMessage }
  | { readonly ok: false; readonly error: unknown; readonly mayRepeat: boolean }

/** Sends a request; the answer's body is still to come. Its signal ends both. */
export function sendOnce(
  { body, headers, method, signal, url }: PlainRequest,
  { agent, open }: Door,
): Promise<Sent> {
  return new Promise((resolve) => {
    const request = open(url, { method, headers, agent })
    let incoming: IncomingMessage | undefined
    // All of it is with the operating system, and may be with the service.
    let isAway = false
    const stop = (): void => {
      ;(incoming ?? request).destroy(new Error('aborted'))
    }
    signal?.addEventListener('abort', stop)
    request
      .on('socket', limitConnecting)
      .once('finish', () => {
        isAway = true
      })
      .once('response', (answer) => {
        incoming = answer
        resolve({ ok: true, incoming })
      })
      .once('close', () => {
        signal?.removeEventListener('abort', stop)
      })
      .on('error', (error) => {
        const isHarmless = !isAway || repeatable.has(method)
        const mayRepeat = isHarmless && request.reusedSocket && isHangUp(error)
        resolve({ ok: false, error, mayRepeat: mayRepeat && signal?.aborted !== true })
      })
      .end(body)
  })
}

/** @see RFC 9110, section 9.2.2: idempotent methods, of those that are used here */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

function isHangUp(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** A host that drops whatever it is sent would keep everybody waiting for minutes. */
function limitConnecting(socket: Socket): void {
  if (!socket.connecting) return
  const giveUp = (): void => {
    socket.destroy(Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' }))
  }
  socket.setTimeout(connectMs, giveUp)
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
    socket.off('timeout', giveUp)
    socket.setTimeout(0)
  })
}
