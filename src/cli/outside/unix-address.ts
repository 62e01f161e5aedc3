/** What is asked of a server that listens on a socket of this machine. */
interface UnixAddress {
  readonly socketPath: string
  /** Path and query of what is asked; its host is nobody's. */
  readonly url: URL
}

const form = /^http:\/\/unix:(\/[^:?#]*):(\/.*)$/

/**
 * Reads `http://unix:/run/opa.sock:/v1/data/x`, the form that nginx and curl's users know. Special
 * characters of the socket's own path are escaped as in a URL.
 *
 * @returns `undefined` for anything else; a `URL` is never one, because it forgets the first colon
 */
export function unixAddress(input: string | URL | Request): UnixAddress | undefined {
  const [, socket, asked] = (typeof input === 'string' && form.exec(input)) || []
  if (socket === undefined || asked === undefined) return undefined
  try {
    return { socketPath: decodeURIComponent(socket), url: new URL(`http://localhost${asked}`) }
  } catch {
    return undefined
  }
}
