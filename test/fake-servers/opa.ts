import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Fault, type Faults, faultAt } from './faults.ts'

export interface FakeOpaOptions {
  /**
   * What the rule at a path, such as `agent/decision`, says of an input; `undefined` where Rego leaves
   * it undefined. `input` is `undefined` where the request has none.
   */
  readonly decide: (path: string, input: unknown) => unknown
  /** By request to `/v1/data`, from 0. */
  readonly faults?: Faults
  /** Where set, everybody without this bearer token gets a 401. */
  readonly token?: string
  /** A socket to listen on instead of 127.0.0.1. */
  readonly socketPath?: string
}

interface HeardRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** As sent. */
  readonly body: string
}

export interface FakeOpa {
  /** `http://…`, or `unix:/…`. */
  readonly url: string
  /** Every request, those that met a fault too, in order of arrival. */
  readonly requests: readonly HeardRequest[]
  /** How many connections were opened. */
  readonly connections: () => number
  /** Hangs up every connection, those that are kept too. */
  readonly hangUp: () => void
  readonly close: () => Promise<void>
}

/**
 * A server of OPA as far as decisions go: `POST` and `GET /v1/data/<path>`, `GET /health`, and its
 * errors, word for word. It goes wrong as asked.
 *
 * @see https://www.openpolicyagent.org/docs/rest-api
 */
export async function startFakeOpa(options: FakeOpaOptions): Promise<FakeOpa> {
  const requests: HeardRequest[] = []
  const sockets = new Set<Socket>()
  let opened = 0
  let asked = 0
  const server = createServer((incoming, outgoing) => {
    void hear(incoming).then((request) => {
      requests.push(request)
      const isDecision = request.url.startsWith('/v1/data')
      const fault = isDecision
        ? faultAt(options.faults ?? [], asked++)
        : ({ kind: 'none' } as const)
      void answer(request, outgoing, { ...options, fault })
    })
  })
  server.on('connection', (socket: Socket) => {
    opened += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const url = await listening(server, options.socketPath)
  return {
    url,
    requests,
    connections: () => opened,
    hangUp: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

async function listening(server: Server, socketPath: string | undefined): Promise<string> {
  await new Promise<void>((resolve) => {
    if (socketPath === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(socketPath, resolve)
  })
  if (socketPath !== undefined) return `unix:${socketPath}`
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function hear(incoming: IncomingMessage): Promise<HeardRequest> {
  const body = Buffer.concat(await incoming.toArray()).toString('utf8')
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  )
  return { method: incoming.method ?? '', url: incoming.url ?? '', headers, body }
}

interface Answering extends FakeOpaOptions {
  readonly fault: Fault
}

async function answer(
  request: HeardRequest,
  outgoing: ServerResponse,
  answering: Answering,
): Promise<void> {
  const { fault, token } = answering
  if (fault.kind === 'hang') return
  if (fault.kind === 'drop' && fault.midway !== true) {
    outgoing.destroy()
    return
  }
  if (fault.kind === 'status') {
    fail(fault, outgoing)
    return
  }
  const made =
    token !== undefined && request.headers['authorization'] !== `Bearer ${token}`
      ? problem(401, 'unauthorized', 'request rejected by administrative policy')
      : respond(request, answering)
  outgoing.writeHead(made.status, { 'content-type': 'application/json' })
  await write(`${JSON.stringify(made.body)}\n`, fault, outgoing)
}

interface Made {
  readonly status: number
  readonly body: unknown
}

function respond({ body, method, url }: HeardRequest, { decide }: Answering): Made {
  const [path = ''] = url.split('?')
  if (path === '/health' && method === 'GET') return { status: 200, body: {} }
  const found = /^\/v1\/data(?:\/(.*))?$/.exec(path)
  if (found === null) return problem(404, 'resource_not_found', `no ${path} here`)
  const rule = decodeURIComponent(found[1] ?? '')
  if (method === 'GET') return decided(decide(rule, undefined))
  if (method !== 'POST') return problem(405, 'method_not_allowed', 'method not allowed')
  const given = inputOf(body)
  return given.ok ? decided(decide(rule, given.input)) : given.made
}

/** Undefined is no error: the member is not there. */
function decided(result: unknown): Made {
  return { status: 200, body: result === undefined ? {} : { result } }
}

type Given =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly made: Made }

function inputOf(body: string): Given {
  if (body.trim() === '') return { ok: true, input: undefined }
  try {
    const request = JSON.parse(body) as unknown
    if (typeof request === 'object' && request !== null && !Array.isArray(request))
      return { ok: true, input: (request as { readonly input?: unknown }).input }
  } catch {
    // Said below.
  }
  const message = 'body contains malformed input document: it is no object'
  return { ok: false, made: problem(400, 'invalid_parameter', message) }
}

function problem(status: number, code: string, message: string): Made {
  return { status, body: { code, message } }
}

function fail(fault: Extract<Fault, { kind: 'status' }>, outgoing: ServerResponse): void {
  const { code = 'internal_error', headers, message = 'it went wrong', status, text } = fault
  const type = text === undefined ? 'application/json' : 'text/html'
  outgoing.writeHead(status, { 'content-type': type, ...headers })
  outgoing.end(text ?? JSON.stringify({ code, message }))
}

async function write(text: string, fault: Fault, outgoing: ServerResponse): Promise<void> {
  if (fault.kind === 'malformed') {
    outgoing.end(text.slice(0, text.length / 2))
    return
  }
  if (fault.kind === 'drop') {
    outgoing.write(text.slice(0, text.length / 2), () => {
      outgoing.destroy()
    })
    return
  }
  if (fault.kind !== 'slow') {
    outgoing.end(text)
    return
  }
  const size = Math.ceil(text.length / (fault.pieces ?? 4))
  for (let at = 0; at < text.length && !outgoing.destroyed; at += size) {
    await new Promise((resolve) => setTimeout(resolve, fault.pauseMs))
    outgoing.write(text.slice(at, at + size))
  }
  outgoing.end()
}
