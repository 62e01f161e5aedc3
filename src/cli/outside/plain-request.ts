import { unixAddress } from './unix-address.ts'

/** A request that is nothing special. */
export interface PlainRequest {
  readonly url: URL
  /** Instead of the host: a socket of this machine. */
  readonly socketPath?: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Bytes: node:http would send a text in one piece with the headers, and those in its encoding. */
  readonly body: Buffer | undefined
  readonly signal: AbortSignal | undefined
}

/** What `fetch` adds where nobody says it, without its offer to take packed answers. */
const defaults = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node' }

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const understood = new Set(['body', 'headers', 'method', 'redirect', 'signal'])

/** Headers that are about the connection, or say how a body is cut into pieces. */
const ofTheConnection = new Set([
  ...['connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
])

/** @returns `undefined` for whatever takes all of `fetch`, or is none of its requests */
export function plainRequest(
  input: string | URL | Request,
  init: RequestInit = {},
): PlainRequest | undefined {
  const { body, method = 'GET', signal } = init
  if (!isPlain(init, method) || !isPlainBody(body, method)) return undefined
  const place = unixAddress(input) ?? plainPlace(input)
  const bytes = typeof body === 'string' ? Buffer.from(body) : undefined
  const headers = headersOf(init.headers, bytes)
  if (place === undefined || headers === undefined) return undefined
  return { ...place, method, headers, body: bytes, signal: signal ?? undefined }
}

function isPlain(init: RequestInit, method: string): boolean {
  if (init.redirect !== 'manual' || !methods.has(method)) return false
  return Object.entries(init).every(([name, value]) => understood.has(name) || value === undefined)
}

function isPlainBody(body: RequestInit['body'], method: string): body is string | null | undefined {
  if (body === undefined || body === null) return true
  return typeof body === 'string' && method !== 'GET' && method !== 'HEAD'
}

function plainPlace(input: string | URL | Request): { readonly url: URL } | undefined {
  const url = input instanceof URL ? input : parseUrl(input)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined
  return url.username === '' && url.password === '' ? { url } : undefined
}

function parseUrl(input: string | Request): URL | undefined {
  try {
    return typeof input === 'string' ? new URL(input) : undefined
  } catch {
    return undefined
  }
}

function headersOf(
  given: RequestInit['headers'],
  body: Buffer | undefined,
): Readonly<Record<string, string>> | undefined {
  const headers: Record<string, string> = { ...defaults }
  if (body !== undefined) {
    headers['content-type'] = 'text/plain;charset=UTF-8'
    headers['content-length'] = String(body.length)
  }
  for (const [name, value] of given instanceof Headers ? given : new Headers(given)) {
    if (ofTheConnection.has(name)) return undefined
    headers[name] = value
  }
  return headers
}
