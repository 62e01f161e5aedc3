import type { Fetch } from '../../ports.ts'
import { truncate } from '../../text/truncate.ts'

/** A longer answer is nobody's. */
const maxBytes = 4 * 1024 * 1024
const shownError = 300

/** What a POST brought; `answered` tells whether anybody was there at all. */
export type Posted =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly error: { readonly answered: boolean; readonly message: string } }

/** Sends JSON and reads the answer, as far as an answer may be long. Never rejects. */
export async function postJson(
  fetch: Fetch,
  {
    body,
    signal,
    url,
  }: { readonly url: string; readonly body: object; readonly signal: AbortSignal },
): Promise<Posted> {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal,
    })
  } catch (error) {
    return failed(false, `${placeOf(url)} cannot be reached: ${whyFetchFailed(error)}`)
  }
  const { status } = response
  try {
    const text = await readBounded(response)
    if (text === undefined) return failed(true, `its answer is longer than ${maxBytes} bytes`)
    if (response.ok) return { ok: true, body: text }
    return failed(true, `it answered ${status}: ${truncate(text.trim(), shownError)}`)
  } catch (error) {
    return failed(true, `its answer broke off: ${whyFetchFailed(error)}`)
  }
}

function failed(answered: boolean, message: string): Posted {
  return { ok: false, error: { answered, message } }
}

async function readBounded(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const chunks = (response.body ?? []) as AsyncIterable<Uint8Array>
  for await (const chunk of chunks) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Host and path only: the rest of an address may hold what is nobody's business. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** `fetch failed` says nothing; its cause does. */
export function whyFetchFailed(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
