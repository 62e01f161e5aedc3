import { askStructured } from '../ask-structured.ts'
import { boundedFetch } from '../bounded-fetch.ts'
import type { Connection } from '../connection.ts'
import { type LiveService, liveService, type Wire } from '../live-service.ts'
import { namesFor } from '../wire-messages.ts'
import { chatRequest } from './chat-request.ts'
import { readCompletion } from './read-completion.ts'

/** The SDK wants a key even where none is sent. */
const noKey = 'none'

/**
 * OpenAI's chat completions, and every service that is compatible with them: Ollama, vLLM, gateways.
 * The SDK is loaded with the first request, and retries nothing.
 */
export function openaiService(connection: Connection): LiveService {
  return liveService(connection, () => openWire(connection))
}

async function openWire(connection: Connection): Promise<Wire> {
  const { default: OpenAI, APIConnectionTimeoutError, APIUserAbortError } = await import('openai')
  const { baseUrl, headers, isOfficial, key } = connection
  const client = new OpenAI({
    apiKey: key ?? noKey,
    baseURL: baseUrl,
    // Null and not absent: the SDK would look into the environment and tell it to any host.
    organization: connection.organization ?? null,
    project: connection.project ?? null,
    maxRetries: 0,
    timeout: connection.timeoutMs,
    fetch: boundedFetch(connection.fetch),
    defaultHeaders: { ...(key === undefined && { authorization: null }), ...headers },
    // It would write to the terminal.
    logLevel: 'off',
  })
  return {
    send: askStructured((request, signal, forcesTool) => {
      const body = chatRequest(request, namesFor(request), { isOfficial, forcesTool })
      return client.post('/chat/completions', { body, signal }).asResponse()
    }),
    read: (body, request) => readCompletion(body, request, namesFor(request)),
    isTimeout: (error) =>
      error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError,
  }
}
