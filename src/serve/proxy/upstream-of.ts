import type { Connection } from '../../providers/connection.ts'
import type { ProxyUpstream } from './proxy-ports.ts'

type Reached = Pick<Connection, 'baseUrl' | 'headers' | 'key' | 'organization' | 'project'>

/**
 * A service as the proxy reaches it, by the same settings as our own requests.
 *
 * The key takes the place of the agent's made-up one: Anthropic's clients send theirs as `x-api-key`
 * or as a bearer token, by their version.
 */
export function upstreamOf({
  baseUrl,
  headers,
  key,
  organization,
  project,
}: Reached): ProxyUpstream {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    baseUrl,
    headers: (agents) => ({
      ...(organization !== undefined && { 'openai-organization': organization }),
      ...(project !== undefined && { 'openai-project': project }),
      ...(key !== undefined && keyHeader(key, agents)),
      ...Object.fromEntries(own),
    }),
  }
}

function keyHeader(key: string, agents: Readonly<Record<string, string>>): Record<string, string> {
  const isApiKey = agents['x-api-key'] !== undefined && agents['authorization'] === undefined
  return isApiKey ? { 'x-api-key': key } : { authorization: `Bearer ${key}` }
}
