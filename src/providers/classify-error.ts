import type { FailureClass } from '../schema/model-answer.ts'

/** What a service said when it did not answer. */
export interface Refused {
  readonly status: number
  /** OpenAI's `code` and `type`, Anthropic's `type`. */
  readonly codes: readonly string[]
  readonly message: string
}

/** Money that is used up comes back with a payment, not with patience. */
const noCredit = /insufficient_quota|billing|credit balance|exceeded your current quota/i

const overflowCode = 'context_length_exceeded'
const overflowWords =
  /context[ _](?:length|window)|prompt is too long|maximum (?:context|prompt|input) length|input length and `?max_tokens`? exceed|too many (?:input )?tokens/i

const byStatus: Readonly<Record<number, FailureClass>> = {
  401: 'auth',
  402: 'auth',
  403: 'auth',
  408: 'transient',
  409: 'transient',
  425: 'transient',
  429: 'rate_limit',
}

/** Whose fault an answer other than 2xx is, and whether waiting helps. */
export function classifyRefusal(refused: Refused): FailureClass {
  const { message, status } = refused
  if (isOutOfCredit(refused)) return 'auth'
  if (isOverflow(refused)) return 'context_overflow'
  const known = byStatus[status]
  if (known !== undefined) return known
  // A gateway that could not reach the service says so with a 4xx now and then.
  if (status < 500) return /overloaded/i.test(message) ? 'transient' : 'bad_request'
  return 'transient'
}

/** The account has no money or no quota left. */
export function isOutOfCredit({ codes, message, status }: Refused): boolean {
  if (![400, 402, 403, 429].includes(status)) return false
  return noCredit.test(codes.join(' ')) || noCredit.test(message)
}

function isOverflow({ codes, message, status }: Refused): boolean {
  if (codes.includes(overflowCode)) return true
  if (status === 413) return !codes.includes('rate_limit_exceeded')
  return (status === 400 || status === 422) && overflowWords.test(message)
}

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
}

/** Deeper chains of causes are nobody's. */
const maxCauses = 8

/** Why there was no answer at all, out of the causes of an error. */
export function connectionTrouble(error: unknown): string {
  let words = 'the connection failed'
  let at: unknown = error
  for (let depth = 0; depth < maxCauses && at instanceof Error; depth += 1) {
    const { code } = at as { readonly code?: unknown }
    if (typeof code === 'string') {
      const known = connectionWords[code]
      if (known !== undefined) return known
      words = `the connection failed (${code})`
    }
    at = at.cause
  }
  return words
}
