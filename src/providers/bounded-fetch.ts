import type { Fetch } from '../ports.ts'
import { isBodiless, lightResponse, readWhole } from './light-response.ts'

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
    const { body, status } = response
    if (body === null || isBodiless(status)) return lightResponse(response, undefined)
    const whole = await readWhole(body as AsyncIterable<Uint8Array>, (bytes) => {
      if (bytes > maxBytes) throw new Error(tooLarge)
    })
    return lightResponse(response, once(whole))
  }
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk)
}
