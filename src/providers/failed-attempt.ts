import type { FailureClass } from '../schema/model-answer.ts'
import { createRedactor } from '../text/redact.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { tooLarge } from './bounded-fetch.ts'
import {
  classifyRefusal,
  connectionTrouble,
  isOutOfCredit,
  type Refused,
} from './classify-error.ts'
import { type Connection, hostOf } from './connection.ts'
import { member, words } from './foreign-json.ts'
import { headerSecrets } from './header-secrets.ts'
import type { ModelFailure } from './provider.ts'

/** As much of a service's own words as explains what it means. */
const maxWords = 240

/** Longer texts are cut before they are looked through. */
const maxLookedAt = 4_000

/** Puts failures into words: one line, the service named, no key in it. */
export interface FailureWords {
  readonly of: (kind: FailureClass, text: string) => ModelFailure
  /** For anything that the client threw while it asked. */
  readonly ofError: (error: unknown, isTimeout: boolean) => ModelFailure
  readonly ofRefusal: (refused: Refused) => ModelFailure
}

export function failureWords(connection: Connection): FailureWords {
  const { headers, key, keyEnv, name, timeoutMs } = connection
  const redactor = createRedactor({
    values: [...(key === undefined ? [] : [key]), ...headerSecrets(Object.values(headers))],
  })
  const place = `${name} at ${hostOf(connection.baseUrl)}`
  const of = (kind: FailureClass, text: string): ModelFailure => {
    // Redacted before it is cut: half a key is found by no pattern.
    const clean = terminalLine(redactor.text(text.slice(0, maxLookedAt)), maxWords)
    return { class: kind, message: `${place}: ${clean}` }
  }
  const ofRefusal = (refused: Refused): ModelFailure => {
    const { message, status } = refused
    if (isOutOfCredit(refused)) {
      return of('auth', `${status}, the account has no credit or quota left: ${message}`)
    }
    // What services say about a key that they refuse holds parts of it.
    if (status === 401) return of('auth', `401, ${keyWords(keyEnv)}`)
    return of(classifyRefusal(refused), `${status} ${message}`)
  }
  return {
    of,
    ofRefusal,
    ofError(error, isTimeout) {
      const refused = refusedBy(error)
      if (refused !== undefined) return ofRefusal(refused)
      if (isTimeout) return of('timeout', `no answer within ${timeoutMs / 1000} s`)
      if (isTooLarge(error)) return of('bad_request', tooLarge)
      if (isOfNetwork(error)) return of('transient', connectionTrouble(error))
      return of('bug', error instanceof Error ? error.message : String(error))
    },
  }
}

function keyWords(keyEnv: string | undefined): string {
  return keyEnv === undefined
    ? 'it wants a key: name its environment variable as api_key_env'
    : `it refuses the key in ${keyEnv}`
}

/** An error of an SDK for an answer other than 2xx. */
export function refusedBy(error: unknown): Refused | undefined {
  const { error: body, status } = (error ?? {}) as { readonly error?: unknown; status?: unknown }
  if (typeof status !== 'number') return undefined
  return readRefusal(status, body, error instanceof Error ? error.message : '')
}

/**
 * What an error's body says.
 *
 * @param body - the whole body, or its member `error`
 * @param otherwise - the words of a body that is no JSON
 */
export function readRefusal(status: number, body: unknown, otherwise: string): Refused {
  const inner = typeof member(body, 'error') === 'object' ? member(body, 'error') : body
  const text =
    words(member(inner, 'message')) ?? words(member(body, 'error')) ?? words(inner) ?? otherwise
  const isPage = /<(?:!doctype|html)/i.test(text)
  return {
    status,
    codes: ['code', 'type'].flatMap((name) => words(member(inner, name)) ?? []),
    message: isPage ? 'answered with a web page' : withoutStatus(text, status),
  }
}

function withoutStatus(text: string, status: number): string {
  return text.startsWith(`${status} `) ? text.slice(`${status} `.length) : text
}

function isTooLarge(error: unknown): boolean {
  return causes(error).some((cause) => cause.message === tooLarge)
}

/** Undici wraps what goes wrong on the wire; the SDKs wrap it again. */
function isOfNetwork(error: unknown): boolean {
  return causes(error).some(
    (cause) =>
      'code' in cause || cause.message === 'fetch failed' || cause.message === 'terminated',
  )
}

function causes(error: unknown): readonly Error[] {
  const found: Error[] = []
  for (let at = error; at instanceof Error && found.length < 8; at = at.cause) found.push(at)
  return found
}
