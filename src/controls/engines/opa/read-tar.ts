/** The files of an archive by name, without what stands before the first name: `/policy.wasm` is `policy.wasm`. */
export type TarFiles = ReadonlyMap<string, Uint8Array>

type ReadTar =
  | { readonly ok: true; readonly files: TarFiles }
  | { readonly ok: false; readonly error: string }

const blockBytes = 512

/**
 * The files of a tar archive (POSIX ustar, with the long names of pax and GNU).
 *
 * Refuses what nobody who writes a bundle needs and somebody who attacks with one does: names with
 * `..`, two files of one name, links and devices. That is why names are read here and not by a library
 * that repairs them first.
 */
export function readTar(archive: Uint8Array): ReadTar {
  const files = new Map<string, Uint8Array>()
  let longName: string | undefined
  for (let at = 0; at + blockBytes <= archive.length; ) {
    const block = archive.subarray(at, at + blockBytes)
    if (block.every((byte) => byte === 0)) break
    const header = readHeader(block)
    if (header === undefined) return { ok: false, error: 'it is no tar archive' }
    const start = at + blockBytes
    const end = start + header.size
    if (end > archive.length) return { ok: false, error: 'it is cut short' }
    const content = archive.subarray(start, end)
    const problem = take({ header, content, longName }, files)
    if (problem !== undefined) return { ok: false, error: problem }
    longName = longNameIn(header.type, content) ?? (isAside(header.type) ? longName : undefined)
    at = start + Math.ceil(header.size / blockBytes) * blockBytes
  }
  return { ok: true, files }
}

interface Header {
  readonly name: string
  readonly size: number
  readonly type: string
}

interface Member {
  readonly header: Header
  readonly content: Uint8Array
  /** Named by the member before it. */
  readonly longName: string | undefined
}

/** Puts a file with the others. Returns what is wrong with it. */
function take(
  { content, header, longName }: Member,
  files: Map<string, Uint8Array>,
): string | undefined {
  if (isAside(header.type) || header.type === '5') return undefined
  const written = longName ?? header.name
  if (header.type !== '0') return `${JSON.stringify(written)} is not a file`
  const parts = written.split('/').filter((part) => part !== '' && part !== '.')
  const name = parts.join('/')
  if (name === '' || parts.includes('..'))
    return `${JSON.stringify(written)} is no name in a bundle`
  if (files.has(name)) return `it has two files called ${JSON.stringify(name)}`
  files.set(name, content)
  return undefined
}

/** Members about other members: pax headers of one (x) or all (g), and GNU's long names (L). */
function isAside(type: string): boolean {
  return type === 'x' || type === 'g' || type === 'L'
}

function longNameIn(type: string, content: Uint8Array): string | undefined {
  if (type === 'L') return textOf(content)
  return type === 'x' ? paxPath(new TextDecoder().decode(content)) : undefined
}

/** Records are `<length> <key>=<value>\n`; of two paths the later one counts. */
function paxPath(text: string): string | undefined {
  const paths = [...text.matchAll(/^\d+ path=(.*)$/gm)].map(([, path]) => path)
  return paths[paths.length - 1]
}

function readHeader(block: Uint8Array): Header | undefined {
  const size = octal(block.subarray(124, 136))
  if (size === undefined || octal(block.subarray(148, 156)) !== checksum(block)) return undefined
  const isPosix = textOf(block.subarray(257, 262)) === 'ustar'
  const prefix = isPosix ? textOf(block.subarray(345, 500)) : ''
  const name = textOf(block.subarray(0, 100))
  const type = textOf(block.subarray(156, 157))
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size,
    type: type === '' || type === '7' ? '0' : type,
  }
}

/** The sum of all bytes, with spaces where it stands itself. */
function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0)
}

/** `undefined` also for the binary form of files beyond 8 GB. */
function octal(field: Uint8Array): number | undefined {
  const digits = textOf(field).trim()
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined
}

/** Up to the first zero byte. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0)
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end))
}
