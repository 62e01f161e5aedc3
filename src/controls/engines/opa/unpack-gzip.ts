/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * Unpacks gzip up to a limit: a few kilobytes can stand for gigabytes.
 *
 * @returns `undefined` where it is more than `maxBytes`
 * @throws TypeError where it is broken
 */
export async function unpackGzip(
  packed: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const unpacking = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of unpacking as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
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
