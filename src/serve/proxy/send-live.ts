import type { Fetch } from '../../ports.ts'
import { connectionTrouble } from '../../providers/classify-error.ts'
import type { FailureClass } from '../../schema/model-answer.ts'
import { carriedHeaders } from './carry-headers.ts'
import { hideSecrets, secretsOf, startHider } from './hide-secrets.ts'
import type { ProxyUpstream } from './proxy-ports.ts'

/** A request as it is sent on. */
export interface LiveRequest {
  readonly method: string
  /** Below the service's base URL. */
  readonly path: string
  /** The agent's own. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** A service's answer, whatever its status; the body is still to come. */
export interface Arrived {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<string>
}

export type Sent =
  | ({ readonly ok: true } & Arrived)
  | { readonly ok: false; readonly class: FailureClass; readonly message: string }

/** Sends a request to the service itself, with our key on it. What comes back never shows the key. */
export async function sendLive(
  fetch: Fetch,
  { baseUrl, headers }: ProxyUpstream,
  { request, signal }: { readonly request: LiveRequest; readonly signal: AbortSignal },
): Promise<Sent> {
  const target = placeOf(baseUrl, request.path)
  if (target === undefined) return broken('bad_request', 'the path is none of this service')
  const own = headers(request.headers)
  const secrets = secretsOf(own)
  try {
    const response = await fetch(target, {
      method: request.method,
      headers: { ...carriedHeaders(request.headers), ...own },
      ...(request.body !== undefined && { body: request.body }),
      signal,
      // Followed, a redirect would carry our key to whatever it names.
      redirect: 'manual',
    })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      return broken('bad_request', 'the service redirects; set its base URL to where it really is')
    }
    const carried = Object.entries(carriedHeaders(Object.fromEntries(response.headers)))
    return {
      ok: true,
      status: response.status,
      headers: Object.fromEntries(carried.map(([key, text]) => [key, hideSecrets(text, secrets)])),
      body: textsOf(response, secrets),
    }
  } catch (error) {
    if (signal.aborted) return broken('timeout', 'the agent did not wait for the answer')
    return broken('transient', `the model service: ${connectionTrouble(error)}`)
  }
}

/**
 * Where a request goes; `undefined` where that is not what its path says. With our key on it, it must
 * not reach anything else of the account.
 */
function placeOf(baseUrl: string, path: string): string | undefined {
  const base = baseUrl.replace(/\/+$/, '')
  const target = `${base}${path}`
  if (!URL.canParse(base) || !URL.canParse(target)) return undefined
  const { origin, pathname } = new URL(base)
  const found = new URL(target)
  const meant = `${pathname.replace(/\/+$/, '')}${path.split('?')[0] ?? ''}`
  return found.origin === origin && found.pathname === meant ? target : undefined
}

function broken(kind: FailureClass, message: string): Sent {
  return { ok: false, class: kind, message }
}

/** The body as text, chunk by chunk; no character and no secret is cut in two. */
async function* textsOf(response: Response, secrets: readonly string[]): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const hider = startHider(secrets)
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    const text = hider.push(decoder.decode(chunk, { stream: true }))
    if (text !== '') yield text
  }
  const text = hider.push(decoder.decode()) + hider.rest()
  if (text !== '') yield text
}
