import type { Fetch } from '../ports.ts'
import { type Chunks, chunksOf, isBodiless, lightResponse, readWhole } from './light-response.ts'

/** No answer of a model is larger. */
const maxBytes = 16_000_000

export const tooLarge = `the answer is larger than ${maxBytes / 1_000_000} MB`

/**
 * `fetch` for services whose answers are not to be trusted: an answer is read whole before anybody
 * sees it, so that a time limit covers its body too, and one without an end is cut off. Redirects
 * are not followed: the headers carry a key.
 */
export function boundedFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' })
    const { headers, status, statusText, url } = response
    const head = { headers, status, statusText, url }
    if (isBodiless(status)) return lightResponse(head, undefined)
    return lightResponse(head, [await readWhole(bounded(chunksOf(response)))])
  }
}

async function* bounded(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    // Leaving the loop tells the service to stop.
    if (size > maxBytes) throw new Error(tooLarge)
    yield chunk
  }
}
