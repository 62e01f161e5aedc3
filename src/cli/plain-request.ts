/** A request that is nothing special. */
export interface PlainRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal | undefined
}

/** What `fetch` adds where nobody says it, without its offer to take packed answers. */
const defaults = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'node' }

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const understood = new Set(['body', 'headers', 'method', 'redirect', 'signal'])

/** Headers that are about the connection, or say how a body is cut into pieces. */
const ofTheConnection = [
  ...['connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
]

/** @returns `undefined` for whatever takes all of `fetch`, or is none of its requests */
export function plainRequest(
  input: string | URL | Request,
  init: RequestInit = {},
): PlainRequest | undefined {
  const { body, method = 'GET', signal } = init
  if (!isPlain(init, method) || !isPlainBody(body, method)) return undefined
  const url = plainUrl(input)
  const text = body ?? undefined
  const headers = headersOf(init.headers, text)
  if (url === undefined || headers === undefined) return undefined
  return { url, method, headers, body: text, signal: signal ?? undefined }
}

function isPlain(init: RequestInit, method: string): boolean {
  if (init.redirect !== 'manual' || !methods.has(method)) return false
  return Object.entries(init).every(([name, value]) => understood.has(name) || value === undefined)
}

function isPlainBody(body: RequestInit['body'], method: string): body is string | null | undefined {
  if (body === undefined || body === null) return true
  return typeof body === 'string' && method !== 'GET' && method !== 'HEAD'
}

function plainUrl(input: string | URL | Request): URL | undefined {
  const text = input instanceof URL ? input.href : input
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const { password, protocol, username } = url
  if (protocol !== 'http:' && protocol !== 'https:') return undefined
  return username === '' && password === '' ? url : undefined
}

function headersOf(
  given: RequestInit['headers'],
  body: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const headers = given instanceof Headers ? given : new Headers(given)
  if (ofTheConnection.some((name) => headers.has(name))) return undefined
  return {
    ...defaults,
    ...(body !== undefined && {
      'content-type': 'text/plain;charset=UTF-8',
      'content-length': String(Buffer.byteLength(body)),
    }),
    ...Object.fromEntries(headers),
  }
}
