import { parseHttpDuration, parseHttpTime } from './http-time.ts'
import type { ServiceHints } from './provider.ts'

/** What the headers of an answer tell whoever paces the requests. Nonsense in them tells nothing. */
export function readHints(status: number | undefined, headers: Headers | undefined): ServiceHints {
  const retryAfterMs = headers && retryAfter(headers)
  const remainingRequests = headers && remaining(headers)
  const resetsInMs = headers && resetsIn(headers)
  return {
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(remainingRequests !== undefined && { remainingRequests }),
    ...(resetsInMs !== undefined && { resetsInMs }),
  }
}

function retryAfter(headers: Headers): number | undefined {
  const exact = whole(headers.get('retry-after-ms'))
  if (exact !== undefined) return exact
  const text = headers.get('retry-after')
  if (text === null) return undefined
  return parseHttpDuration(text) ?? untilTime(text, headers)
}

function remaining(headers: Headers): number | undefined {
  return whole(
    headers.get('x-ratelimit-remaining-requests') ??
      headers.get('anthropic-ratelimit-requests-remaining'),
  )
}

function resetsIn(headers: Headers): number | undefined {
  const text =
    headers.get('x-ratelimit-reset-requests') ?? headers.get('anthropic-ratelimit-requests-reset')
  if (text === null) return undefined
  return parseHttpDuration(text) ?? untilTime(text, headers)
}

/** From the service's own idea of now, which its answer carries, to a time that it names. */
function untilTime(text: string, headers: Headers): number | undefined {
  const then = parseHttpTime(text)
  const now = parseHttpTime(headers.get('date') ?? '')
  return then === undefined || now === undefined ? undefined : Math.max(0, then - now)
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined
}
