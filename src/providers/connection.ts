import type { Clock, Fetch } from '../ports.ts'

/** How one model service is reached. */
export interface Connection {
  /** What stands before the colon of its models. */
  readonly name: string
  readonly baseUrl: string
  /** The service that the protocol is named after, not one that is compatible with it. */
  readonly isOfficial: boolean
  /** Absent where the service needs none. */
  readonly key?: string
  /** The environment variable that the key is read from; absent where the service needs none. */
  readonly keyEnv?: string
  /** Sent with each request besides what the protocol needs. */
  readonly headers: Readonly<Record<string, string>>
  readonly organization?: string
  readonly project?: string
  readonly timeoutMs: number
  readonly fetch: Fetch
  readonly clock: Clock
}

/** The host and port of a base URL, for messages: no path, no user, no password. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : 'an unreadable address'
}
