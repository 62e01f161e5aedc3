import { inflateRawSync } from 'node:zlib'

const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50
const stored = 0
const deflated = 8

/**
 * The files in a zip archive, by name. Reads what Inspect writes: one disk, no encryption, sizes
 * below 4 GB.
 *
 * @throws Error for anything else
 * @see APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16
 */
export function zipEntries(archive: Buffer): ReadonlyMap<string, string> {
  const end = archive.lastIndexOf(signature(endOfDirectory))
  if (end < 0) throw new Error('no zip archive: it has no end of central directory')
  const entries = new Map<string, string>()
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== directoryEntry) throw new Error(`no entry at byte ${at}`)
    const nameEnd = at + 46 + archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, nameEnd)
    entries.set(name, contentOf(archive, at))
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries
}

function contentOf(archive: Buffer, entry: number): string {
  const method = archive.readUInt16LE(entry + 10)
  const size = archive.readUInt32LE(entry + 20)
  // The name and the extra field stand before the content once more, and may differ in length.
  const local = archive.readUInt32LE(entry + 42)
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const packed = archive.subarray(start, start + size)
  if (method === stored) return packed.toString('utf8')
  if (method === deflated) return inflateRawSync(packed).toString('utf8')
  throw new Error(`compression method ${method} is not read here`)
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
