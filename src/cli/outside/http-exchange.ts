import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { PlainRequest } from './plain-request.ts'

/** A way out of one protocol. */
export interface Door {
  readonly open: (options: RequestOptions) => ClientRequest
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

type Sent =
  | { readonly ok: true; readonly incoming: IncomingMessage }
  | { readonly ok: false; readonly error: unknown; readonly mayRepeat: boolean }

/** Sends a request; the answer's body is still to come. Its signal ends both. */
export function sendOnce(
  { body, headers, method, signal, socketPath, url }: PlainRequest,
  { agent, open }: Door,
): Promise<Sent> {
  return new Promise((resolve) => {
    const place = socketPath === undefined ? placeOf(url) : { ...placeOf(url), socketPath }
    const request = open({ ...place, method, headers, agent })
    let incoming: IncomingMessage | undefined
    const stop = (): void => {
      ;(incoming ?? request).destroy(new Error('aborted'))
    }
    signal?.addEventListener('abort', stop)
    request
      .on('socket', limitConnecting)
      .once('response', (answer) => {
        incoming = answer
        resolve({ ok: true, incoming })
      })
      .once('close', () => {
        signal?.removeEventListener('abort', stop)
      })
      .on('error', (error) => {
        const mayRepeat = request.reusedSocket && signal?.aborted !== true
        resolve({ ok: false, error, mayRepeat: mayRepeat && isHarmless(error, method) })
      })
      .end(body)
  })
}

/** What node:http would find out itself, and take longer for it. */
function placeOf({ hostname, pathname, port, protocol, search }: URL): RequestOptions {
  // The brackets of an IPv6 address are no part of it.
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return { protocol, host, port, path: pathname + search }
}

/** @see RFC 9110, section 9.2.2: idempotent methods, of those that are used here */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** A connection was cut, and the service cannot have worked on the request, or may do so twice. */
function isHarmless(error: NodeJS.ErrnoException, method: string): boolean {
  const { code, syscall } = error
  if (code !== 'ECONNRESET' && code !== 'EPIPE') return false
  // The system did not take all that was to be sent. Where it did, nobody knows how far that came.
  return code === 'EPIPE' || syscall === 'write' || repeatable.has(method)
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
