import type { Fetch } from '../ports.ts'

/** No answer of a model is larger. */
const maxBytes = 16_000_000

export const tooLarge = `the answer is larger than ${maxBytes / 1_000_000} MB`

/** Answers of these have no body, and may be given none. */
const bodiless = new Set([101, 204, 205, 304])

/**
 * `fetch` for services whose answers are not to be trusted: an answer is read whole before anybody
 * sees it, so that a time limit covers its body too, and one without an end is cut off. Redirects
 * are not followed: the headers carry a key.
 */
export function boundedFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    const { headers, status, statusText } = response
    const body = bodiless.has(status) ? null : await readBounded(response)
    return new Response(body, { status, statusText, headers })
  }
}

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (body === null) return new Uint8Array()
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream.
    if (size > maxBytes) throw new Error(tooLarge)
    chunks.push(chunk)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
