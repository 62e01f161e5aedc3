import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Listen, ServedRequest, ServedResponse } from '../../ports.ts'

/** Serves HTTP on this machine only, on a port that is free unless one is named. */
export const listen: Listen = async (handle, { maxBytes, port: named = 0 }) => {
  const server = createServer((request, response) => {
    void serve(request, response, { handle, maxBytes })
  })
  // Model answers and long polls take as long as they take.
  server.requestTimeout = 0
  server.listen(named, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

interface Serving {
  readonly handle: Parameters<Listen>[0]
  readonly maxBytes: number
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { handle, maxBytes }: Serving,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => {
    gone.abort()
  })
  response.on('error', () => {
    gone.abort()
  })
  try {
    const body = await readBody(request, maxBytes)
    if (body === undefined) await send(response, tooLarge, gone.signal)
    else await send(response, await handle(served(request, body, gone.signal)), gone.signal)
  } catch {
    // What goes wrong on the way is not for whoever asked; a body that breaks off says it.
    if (response.headersSent) response.destroy()
    else response.writeHead(500, { connection: 'close' }).end()
  }
}

const tooLarge: ServedResponse = {
  status: 413,
  // The rest of the body is not read, so nothing more can come on this connection.
  headers: { connection: 'close' },
  body: new Uint8Array(),
}

/** `undefined` for a body that is too long. */
async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // A request that is cut off could not be told why.
  const unbroken = request.iterator({ destroyOnReturn: false })
  for await (const chunk of unbroken as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function served(request: IncomingMessage, body: Uint8Array, signal: AbortSignal): ServedRequest {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  const { method = 'GET', url = '/' } = request
  return { method, url, headers: Object.fromEntries(headers), body, signal }
}

async function send(
  response: ServerResponse,
  { body, headers, status }: ServedResponse,
  gone: AbortSignal,
): Promise<void> {
  response.writeHead(status, headers)
  if (body instanceof Uint8Array) {
    response.end(body)
    return
  }
  response.flushHeaders()
  for await (const chunk of body) {
    if (gone.aborted) return
    if (!response.write(chunk)) await drained(response, gone)
  }
  response.end()
}

async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal: gone }).catch(() => undefined)
}
