import { parseHttpDuration, parseHttpTime } from '../../providers/http-time.ts'

/** GitHub: where a refusal for its rate names no time, wait at least so long. */
const unnamedMs = 60_000

/**
 * Whether a request was refused for coming too often, and not for what it wanted: both have status 403.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function isRateLimit({
  headers,
  message,
  status,
}: {
  readonly status: number
  readonly headers: Headers
  readonly message: string
}): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  const isSpent = headers.get('x-ratelimit-remaining') === '0'
  return isSpent || headers.get('retry-after') !== null || /rate limit/i.test(message)
}

/** How long to wait before asking again, in ms. Nonsense in the headers counts as nothing said. */
export function askedWaitMs(headers: Headers): number {
  const after = parseHttpDuration(headers.get('retry-after') ?? '')
  if (after !== undefined) return after
  if (headers.get('x-ratelimit-remaining') !== '0') return unnamedMs
  const reset = headers.get('x-ratelimit-reset') ?? ''
  // By the host's own clock.
  const nowMs = parseHttpTime(headers.get('date') ?? '')
  if (nowMs === undefined || !/^\d{1,12}$/.test(reset)) return unnamedMs
  return Math.max(0, Number(reset) * 1000 - nowMs)
}
