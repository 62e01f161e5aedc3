import type { Clock, Fetch } from '../../ports.ts'
import { readWhole } from '../../providers/light-response.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { version } from '../version.ts'
import { askedWaitMs, isRateLimit } from './rate-limit.ts'

/** How the REST API is reached. */
export interface GitHubAccess {
  /** Such as `https://api.github.com` or `https://host/api/v3`, without a slash at its end. */
  readonly apiUrl: string
  /** Goes into one header and nowhere else. */
  readonly token: string
  readonly fetch: Fetch
  readonly clock: Clock
  /** By the clock: whatever fails is tried again only until then. */
  readonly giveUpAtMs: number
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly url: string
  readonly body?: Readonly<Record<string, string>>
}

export type ApiAnswer =
  | { readonly ok: true; readonly value: unknown; readonly headers: Headers }
  | ApiFailure

/**
 * A request without an answer that could be used. `isTransient`: the same request may succeed later;
 * whether it had an effect nobody knows.
 */
export interface ApiFailure {
  readonly ok: false
  readonly isTransient: boolean
  /** Absent where no answer came. */
  readonly status?: number
  /** In words, safe to print. */
  readonly message: string
  /** What the host asks to wait. */
  readonly waitMs?: number
}

/** Longer than GitHub itself works on a request (10 s). */
export const answerTimeoutMs = 30_000

/** A page of the longest comments that there can be has less. */
const maxBytes = 64_000_000

const maxRedirects = 3
const maxMessage = 300

/**
 * Asks once. Never throws for what the network or the host does.
 *
 * A redirect is followed on the same host only: the token is for nobody else. What changes something is
 * sent again only where the status says that its method stays.
 */
export async function askGitHub(access: GitHubAccess, request: ApiRequest): Promise<ApiAnswer> {
  let url = request.url
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const sent = await send(access, { ...request, url })
    if ('ok' in sent) return sent
    const next = redirectOf(sent, request.method, url)
    if (next === undefined) return read(sent)
    if (typeof next !== 'string') return next
    url = next
  }
  return refused(undefined, `was redirected more than ${maxRedirects} times`)
}

interface Heard {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function send(access: GitHubAccess, request: ApiRequest): Promise<Heard | ApiFailure> {
  const stop = new AbortController()
  const ended = new AbortController()
  void access.clock.sleep(answerTimeoutMs, ended.signal).then(() => {
    if (!ended.signal.aborted) stop.abort()
  })
  try {
    const response = await access.fetch(request.url, initOf(access, request, stop.signal))
    const { body, headers, status } = response
    const bytes = body === null ? new Uint8Array() : await bounded(body)
    return { status, headers, text: new TextDecoder().decode(bytes) }
  } catch (error) {
    const isLate = stop.signal.aborted
    const message = isLate ? `no answer within ${answerTimeoutMs / 1000} s` : wordsOf(error)
    return { ok: false, isTransient: true, message }
  } finally {
    ended.abort()
  }
}

function initOf(
  { token }: GitHubAccess,
  { body, method }: ApiRequest,
  signal: AbortSignal,
): RequestInit {
  return {
    method,
    redirect: 'manual',
    signal,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'user-agent': `agent-eval/${version}`,
      'x-github-api-version': '2022-11-28',
      ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

function bounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return readWhole(body, (bytes) => {
    if (bytes > maxBytes) throw new Error(`the answer is larger than ${maxBytes / 1_000_000} MB`)
  })
}

const keepsMethod: ReadonlySet<number> = new Set([307, 308])
const mayChangeMethod: ReadonlySet<number> = new Set([301, 302])

/** @returns where to ask instead; `undefined`: the answer is none of these; or why not */
function redirectOf(
  { headers, status }: Heard,
  method: ApiRequest['method'],
  from: string,
): string | ApiFailure | undefined {
  if (!keepsMethod.has(status) && !mayChangeMethod.has(status)) return undefined
  const place = parsed(headers.get('location') ?? '', from)
  if (place?.origin !== new URL(from).origin) {
    return refused(status, 'redirects to another host, which gets no token of ours')
  }
  if (method !== 'GET' && !keepsMethod.has(status)) {
    return refused(status, 'has moved; name the repository as it is called now')
  }
  return place.href
}

function parsed(location: string, from: string): URL | undefined {
  try {
    return new URL(location, from)
  } catch {
    return undefined
  }
}

function read({ headers, status, text }: Heard): ApiAnswer {
  const value = parseJson(text)
  if (status >= 200 && status < 300) {
    if (value !== undefined) return { ok: true, value, headers }
    return { ok: false, isTransient: true, status, message: 'answered something that is no JSON' }
  }
  const message = messageIn(value)
  if (isRateLimit({ status, headers, message })) {
    const waitMs = askedWaitMs(headers)
    return { ok: false, isTransient: true, status, message: `rate limit: ${message}`, waitMs }
  }
  return { ...refused(status, message), isTransient: status >= 500 || status === 408 }
}

function refused(status: number | undefined, message: string): ApiFailure {
  return { ok: false, isTransient: false, message, ...(status !== undefined && { status }) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What GitHub says about a failure; a proxy in between may say anything. */
function messageIn(value: unknown): string {
  const said =
    typeof value === 'object' && value !== null && 'message' in value ? value.message : undefined
  return typeof said === 'string' ? terminalLine(said, maxMessage) : 'no message'
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the request failed'
  const { cause } = error
  const inner = cause instanceof Error ? cause : error
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.message
  return terminalLine(code, maxMessage)
}
