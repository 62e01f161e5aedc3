import type { ServedRequest } from '../ports.ts'

/**
 * Why a request is turned away before anybody looks at its path; `undefined` lets it in.
 *
 * A page in a browser on this machine could reach our port, by its address or by a name that it made
 * point here. It sends an `Origin`, or a `Host` that is not ours; agents do neither.
 *
 * @param hosts - what `Host` may say, with the port
 */
export function checkCaller(
  { headers }: Pick<ServedRequest, 'headers'>,
  hosts: ReadonlySet<string>,
): string | undefined {
  if (!hosts.has(headers['host']?.toLowerCase() ?? '')) return 'this host name is not served here'
  if (headers['origin'] !== undefined) return 'requests of web pages are not served'
  return undefined
}

/** The names by which programs of this machine reach a server of ours. */
export function ownHosts(url: string): ReadonlySet<string> {
  const { host, port } = new URL(url)
  return new Set([host, `localhost:${port}`, `127.0.0.1:${port}`])
}
