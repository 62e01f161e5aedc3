import type { Fetch } from '../../ports.ts'
import { lightResponse } from '../../providers/light-response.ts'
import { bodyOf } from './http-body.ts'
import { type Door, openDoor, sendOnce } from './http-exchange.ts'
import { type PlainRequest, plainRequest } from './plain-request.ts'
import { unixAddress } from './unix-address.ts'

/**
 * `fetch` for what models and agents are asked: whole texts to send, and answers that are read as
 * they come, over node:http on connections that are kept. It takes a third of the time of Node's own
 * `fetch`, which does the rest: `otherwise`. Like that one it looks for no proxy in the environment.
 * Beyond it, it reaches sockets of this machine: `http://unix:/run/opa.sock:/v1/data/x`.
 *
 * A service may hang up a kept connection at the moment it is used again. The request is repeated
 * then, once and on a connection of its own, where the service cannot have worked on it: parts of it
 * never left, or it is of a kind that may be repeated. Any other POST fails, and whoever asks decides.
 *
 * @throws TypeError as `fetch` does, with what went wrong on the wire as its cause
 */
export function keepAliveFetch(otherwise: Fetch): Fetch {
  const doors = new Map<string, Promise<Door>>()
  return async (input, init) => {
    const request = plainRequest(input, init)
    if (request === undefined) {
      // Node's own would ask whoever is called `unix` in the network.
      if (unixAddress(input) !== undefined)
        throw new TypeError('a socket takes plain requests only')
      return otherwise(input, init)
    }
    const { protocol } = request.url
    let door = doors.get(protocol)
    if (door === undefined) {
      door = openDoor(protocol)
      doors.set(protocol, door)
    }
    return ask(request, await door)
  }
}

async function ask(request: PlainRequest, door: Door): Promise<Response> {
  const { signal, url } = request
  signal?.throwIfAborted()
  let sent = await sendOnce(request, door)
  if (!sent.ok && sent.mayRepeat) sent = await sendOnce(request, { ...door, agent: false })
  if (!sent.ok) {
    signal?.throwIfAborted()
    throw new TypeError('fetch failed', { cause: sent.error })
  }
  const { incoming } = sent
  try {
    const { statusCode: status = 0, statusMessage: statusText = '' } = incoming
    const head = { status, statusText, headers: headersOf(incoming.rawHeaders), url: url.href }
    return lightResponse(head, await bodyOf(incoming, request))
  } catch (cause) {
    incoming.destroy()
    throw new TypeError('fetch failed', { cause })
  }
}

/** @param raw - names and values in turns */
function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '')
  return headers
}
