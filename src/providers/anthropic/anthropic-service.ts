import { askStructured } from '../ask-structured.ts'
import { boundedFetch } from '../bounded-fetch.ts'
import type { Connection } from '../connection.ts'
import { type LiveService, liveService, type Wire } from '../live-service.ts'
import { namesFor } from '../wire-messages.ts'
import { messagesRequest } from './messages-request.ts'
import { readMessage } from './read-message.ts'

/** Without a key the SDK looks for one in files. */
const noKey = 'none'

/**
 * Anthropic's messages, and every service that is compatible with them. The SDK is loaded with the
 * first request, and retries nothing.
 */
export function anthropicService(connection: Connection): LiveService {
  return liveService(connection, () => openWire(connection))
}

async function openWire(connection: Connection): Promise<Wire> {
  const sdk = await import('@anthropic-ai/sdk')
  const { baseUrl, isOfficial, key } = connection
  const client = new sdk.default({
    apiKey: key ?? noKey,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: connection.timeoutMs,
    fetch: boundedFetch(connection.fetch),
    defaultHeaders: {
      ...(key === undefined && { authorization: null }),
      // Older gateways know only the header that this SDK has given up.
      ...(key !== undefined && !isOfficial && { 'x-api-key': key }),
      ...connection.headers,
    },
    // It would write to the terminal.
    logLevel: 'off',
  })
  return {
    // Not `messages.create`, which writes to the terminal about models that grow old.
    send: askStructured((request, signal, forcesTool) => {
      const body = messagesRequest(request, namesFor(request), forcesTool)
      return client.post('/v1/messages', { body, signal }).asResponse()
    }),
    read: (body, request) => readMessage(body, request, namesFor(request)),
    isTimeout: (error) =>
      error instanceof sdk.APIConnectionTimeoutError || error instanceof sdk.APIUserAbortError,
  }
}
