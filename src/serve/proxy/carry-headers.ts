/** Of one connection, not of the message; and what `fetch` sets or undoes by itself. */
const ofTheConnection = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
]

/** The agent's credentials are made up, and the service's cookies are ours. */
const ofTheCaller = ['authorization', 'x-api-key', 'api-key', 'cookie', 'set-cookie']

const dropped = new Set([...ofTheConnection, ...ofTheCaller])

/**
 * The headers of a message that are passed on.
 *
 * @see RFC 9110, section 7.6.1: what `Connection` names stays behind as well
 */
export function carriedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const named = (headers['connection'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !dropped.has(name) && !named.includes(name)),
  )
}
