import type { Clock, Fetch } from '../../ports.ts'
import type { HttpCassette } from '../../providers/cassette/http-cassette.ts'
import type { ModelResponse } from '../../providers/provider.ts'
import type { ServiceKind } from './services.ts'

/** Where the requests of one kind go. */
export interface ProxyUpstream {
  /** For openai with `/v1`, for anthropic without. */
  readonly baseUrl: string
  /**
   * Put on every request: our key, and whatever the settings ask for. Names in lower case.
   *
   * @param agents - the agent's own headers, to see how it says who it is
   */
  readonly headers: (agents: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
}

/** What the stand-in for the model services needs. */
export interface ProxyPorts {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly upstreams: Readonly<Partial<Record<ServiceKind, ProxyUpstream>>>
  /** Puts on what an answer cost. */
  readonly price: (reference: string, response: ModelResponse) => ModelResponse
  readonly cassette: HttpCassette
  /** Requests of one trial that may be open at once; absent: any number. */
  readonly maxOpen?: number
  /** Of one request, and of one answer. */
  readonly maxBytes: number
}
