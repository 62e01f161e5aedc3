import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicProtocol } from './anthropic.ts'
import { asRecord, type FakeAnswer, type FakeRequest, type Protocol } from './fake-exchange.ts'
import { type Fault, type Faults, faultAt } from './faults.ts'
import { openaiProtocol } from './openai.ts'

export interface FakeServerOptions {
  readonly kind: 'openai' | 'anthropic'
  /** Decides the answer from the request. */
  readonly answer: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>
  readonly faults?: Faults
  /** Before every answer, in ms. */
  readonly latencyMs?: number
  /** Where set, everybody without this key gets a 401. */
  readonly key?: string
  /** Sends rate-limit headers that count down from here. */
  readonly remaining?: number
}

export interface FakeServer {
  /** Without `/v1`: what Anthropic's SDK wants as its base. */
  readonly url: string
  /** What the SDK of this kind wants as its base. */
  readonly baseUrl: string
  /** Every request that could be read, those that met a fault too, in order of arrival. */
  readonly requests: readonly FakeRequest[]
  /** The most requests that were open at once. */
  readonly mostInFlight: () => number
  readonly close: () => Promise<void>
}

const protocols: Readonly<Record<FakeServerOptions['kind'], Protocol>> = {
  openai: openaiProtocol,
  anthropic: anthropicProtocol,
}

/**
 * A model service on 127.0.0.1 that speaks OpenAI's or Anthropic's protocol over real HTTP, streams
 * too, and goes wrong as asked. Plain JavaScript loads it with jiti:
 * `await createJiti(import.meta.url).import('../test/fake-servers/start-fake-server.ts')`.
 */
export async function startFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const protocol = protocols[options.kind]
  const requests: FakeRequest[] = []
  let inFlight = 0
  let most = 0
  let isClosed = false
  const timers = new Set<NodeJS.Timeout>()
  // Those that `close` cuts off never go on: whoever waited for them is gone.
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        resolve()
      }, ms)
      timers.add(timer)
    })
  const server = createServer((incoming, outgoing) => {
    inFlight += 1
    most = Math.max(most, inFlight)
    outgoing.once('close', () => {
      inFlight -= 1
    })
    serve(incoming, { protocol, options, requests, outgoing, pause }).catch((error: unknown) => {
      // Whoever asked hung up, or a script throws: the latter must be seen.
      if (isClosed || outgoing.destroyed) return
      send(outgoing, 500, { error: { message: `the fake server's script: ${String(error)}` } })
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    baseUrl: options.kind === 'openai' ? `${url}/v1` : url,
    requests,
    mostInFlight: () => most,
    close: () =>
      new Promise<void>((resolve) => {
        isClosed = true
        for (const timer of timers) clearTimeout(timer)
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

interface Serving {
  readonly protocol: Protocol
  readonly options: FakeServerOptions
  readonly requests: FakeRequest[]
  readonly outgoing: ServerResponse
  readonly pause: (ms: number) => Promise<void>
}

async function serve(incoming: IncomingMessage, serving: Serving): Promise<void> {
  const { options, outgoing, protocol, requests } = serving
  const path = (incoming.url ?? '').split('?')[0] ?? ''
  const text = await textOf(incoming)
  // A path in front tells trials or gateways apart.
  if (incoming.method !== 'POST' || !path.endsWith(protocol.path)) {
    send(outgoing, 404, protocol.error(404, `no ${incoming.method} ${path} here`, undefined))
    return
  }
  const headers = headersOf(incoming)
  const body = asRecord(parse(text))
  const index = requests.length
  const request: FakeRequest = { index, path, headers, body, ...protocol.hear(body) }
  requests.push(request)
  if (options.key !== undefined && protocol.keyOf(headers) !== options.key) {
    send(outgoing, 401, protocol.error(401, 'Incorrect API key provided', 'invalid_api_key'))
    return
  }
  if (options.latencyMs !== undefined) {
    await serving.pause(options.latencyMs)
  }
  await answer(request, faultAt(options.faults ?? [], index), serving)
}

async function answer(request: FakeRequest, fault: Fault, serving: Serving): Promise<void> {
  const { options, outgoing, protocol } = serving
  if (fault.kind === 'hang') return
  if (fault.kind === 'drop' && fault.midway !== true) {
    outgoing.destroy()
    return
  }
  if (fault.kind === 'status') {
    fail(fault, serving)
    return
  }
  const made = await options.answer(request)
  const left = options.remaining === undefined ? undefined : options.remaining - request.index
  outgoing.writeHead(200, {
    'content-type': request.isStream ? 'text/event-stream' : 'application/json',
    ...(left !== undefined && protocol.limits(Math.max(0, left))),
    ...made.headers,
  })
  await write(piecesOf(made, request, serving), fault, serving)
}

function piecesOf(made: FakeAnswer, request: FakeRequest, { protocol }: Serving): string[] {
  if (request.isStream && made.raw === undefined) return [...protocol.events(made, request)]
  return [JSON.stringify(made.raw ?? protocol.body(made, request))]
}

async function write(chunks: string[], fault: Fault, { outgoing, pause }: Serving): Promise<void> {
  const whole = chunks.join('')
  if (fault.kind === 'malformed') {
    outgoing.end(whole.slice(0, whole.length / 2))
    return
  }
  if (fault.kind === 'drop') {
    outgoing.write(whole.slice(0, whole.length / 2), () => {
      outgoing.destroy()
    })
    return
  }
  if (fault.kind === 'slow') {
    const size = Math.ceil(whole.length / (fault.pieces ?? 4))
    for (let at = 0; at < whole.length; at += size) {
      await pause(fault.pauseMs)
      outgoing.write(whole.slice(at, at + size))
    }
    outgoing.end()
    return
  }
  for (const chunk of chunks) outgoing.write(chunk)
  outgoing.end()
}

function fail(fault: Extract<Fault, { kind: 'status' }>, { outgoing, protocol }: Serving): void {
  const { code, headers, message = `fake error ${fault.status}`, retryAfter, status, text } = fault
  const all = {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...headers,
  }
  if (text === undefined) send(outgoing, status, protocol.error(status, message, code), all)
  else outgoing.writeHead(status, { 'content-type': 'text/html', ...all }).end(text)
}

function send(
  outgoing: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
  outgoing.end(JSON.stringify(body))
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
