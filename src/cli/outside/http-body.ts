import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { isBodiless } from '../../providers/light-response.ts'
import type { PlainRequest } from './plain-request.ts'

/** The body of an answer, unpacked, chunk by chunk; `undefined` where there is none. */
export async function bodyOf(
  incoming: IncomingMessage,
  { method, signal }: PlainRequest,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  // What breaks before anybody reads is told to whoever does.
  incoming.on('error', () => undefined)
  if (method === 'HEAD' || isBodiless(incoming.statusCode ?? 0)) {
    incoming.resume()
    return undefined
  }
  const unpacked = await unpack(incoming)
  return {
    [Symbol.asyncIterator]() {
      const chunks = unpacked[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>
      return {
        next: () =>
          chunks.next().catch((cause: unknown) => {
            signal?.throwIfAborted()
            throw new TypeError('terminated', { cause })
          }),
        // Not the stream's own, which does nothing before the first chunk.
        return() {
          incoming.destroy()
          return Promise.resolve({ done: true, value: undefined })
        },
      }
    },
  }
}

/** Some services pack what was not asked to be packed. Unknown ways of packing stay as they are. */
async function unpack(incoming: IncomingMessage): Promise<Readable> {
  const encodings = (incoming.headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (encodings.length === 0) return incoming
  const { constants, createBrotliDecompress, createGunzip, createInflate } = await import(
    'node:zlib'
  )
  const cutShort = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
  const unpackers: Readonly<Record<string, () => Transform>> = {
    gzip: () => createGunzip(cutShort),
    'x-gzip': () => createGunzip(cutShort),
    deflate: () => createInflate(cutShort),
    br: () => createBrotliDecompress(),
  }
  const chain = encodings.toReversed().map((name) => unpackers[name])
  if (chain.includes(undefined)) return incoming
  return chain.reduce<Readable>((packed, make) => {
    const unpacked = make?.() as Transform
    // An error of the one is an error of the other, and told by it.
    return pipeline(packed, unpacked, () => undefined)
  }, incoming)
}
