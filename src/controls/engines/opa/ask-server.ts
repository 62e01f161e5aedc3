import type { Clock, Fetch } from '../../../ports.ts'
import type { JsonObject } from '../../../schema/json.ts'
import { truncate } from '../../../text/truncate.ts'
import { isObject } from './decision-document.ts'
import type { Evaluated } from './evaluated.ts'
import { withoutToken } from './without-token.ts'

/** A server of OPA, and how it is asked. */
export interface OpaServer {
  /** Of the rule that decides, as {@link decisionUrl} makes it. */
  readonly url: string
  readonly token: string | undefined
  readonly timeoutMs: number
  readonly fetch: Fetch
  readonly clock: Clock
}

/** Decisions are small. */
const maxBytes = 1024 * 1024

/** A reason of our own: the error that Node would make, stack and all, costs more than the rest. */
const over = 'over'

/**
 * Asks a server for one decision: `POST /v1/data/<path>` with `{ "input": … }`.
 *
 * Ends within the time that it is given, whatever the server does, and never rejects. `{}` is what
 * OPA answers where the rule is undefined.
 */
export async function askServer(server: OpaServer, input: JsonObject): Promise<Evaluated> {
  const { clock, timeoutMs } = server
  const body = written({ input })
  if (body === undefined) return { ok: false, error: 'the action cannot be written as JSON' }
  const stop = new AbortController()
  const ended = new AbortController()
  const late = clock.sleep(timeoutMs, ended.signal).then(() => undefined)
  try {
    const first = await Promise.race([ask(server, body, stop.signal), late])
    if (first !== undefined) return first
    stop.abort(over)
    return failed(`did not answer within ${timeoutMs} ms`)
  } catch (error) {
    return failed(`cannot be reached: ${troubleOf(error)}`)
  } finally {
    ended.abort(over)
  }
}

/** `undefined` for arguments that are nested a hundred thousand deep. */
function written(request: JsonObject): string | undefined {
  try {
    return JSON.stringify(request)
  } catch {
    return undefined
  }
}

async function ask(server: OpaServer, body: string, signal: AbortSignal): Promise<Evaluated> {
  const response = await send(server, body, signal)
  const text = await textOf(response)
  if (response.status !== 200) {
    const said = text === undefined ? '' : saidIn(text, server.token)
    return failed(`answered ${response.status}${said}`)
  }
  if (text === undefined) return failed(`answered with more than ${maxBytes / 1024 / 1024} MB`)
  const answer = parse(text, server.token)
  if (!isObject(answer)) return failed('answered with something other than a JSON object')
  return { ok: true, result: answer['result'] }
}

/**
 * Asks once more where the connection broke: a server may hang up a kept one just when it is used
 * again, and asking twice changes nothing.
 */
async function send(
  { fetch, token, url }: OpaServer,
  body: string,
  signal: AbortSignal,
): Promise<Response> {
  const request = {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body,
    signal,
  } as const
  try {
    return await fetch(url, request)
  } catch (error) {
    if (signal.aborted) throw error
    return await fetch(url, request)
  }
}

/** @returns `undefined` where it is more than {@link maxBytes}; the rest is not read */
async function textOf({ body }: Response): Promise<string | undefined> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Without the token: a server that is no OPA, or a hostile one, may say what it was sent. */
function parse(text: string, token: string | undefined): unknown {
  try {
    const answer: unknown = JSON.parse(text)
    return token === undefined ? answer : withoutToken(answer, token)
  } catch {
    return undefined
  }
}

/** What OPA says of a failure. */
function saidIn(text: string, token: string | undefined): string {
  const answer = parse(text, token)
  if (!isObject(answer)) return ''
  const { code, message } = answer
  const words = [code, message].filter((one) => typeof one === 'string').join(': ')
  return words === '' ? '' : ` (${truncate(words, 200)})`
}

function failed(what: string): Evaluated {
  return { ok: false, error: `the policy server ${what}` }
}

/** The code of whatever lies behind a `fetch failed`, such as ECONNREFUSED; its words may hold anything. */
function troubleOf(error: unknown): string {
  let at = error
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    const { code } = at as { readonly code?: unknown }
    if (typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code)) return code
    at = at.cause
  }
  return 'the connection failed'
}
