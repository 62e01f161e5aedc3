import type { ServedRequest } from '../../ports.ts'
import type { HttpRequest, HttpResponse } from '../../providers/cassette/http-cassette.ts'
import type { ModelFailure } from '../../providers/provider.ts'
import type { JsonObject } from '../../schema/json.ts'
import type { Exchange } from './read-answer.ts'
import type { Arrived } from './send-live.ts'
import type { ServiceKind, ServiceRoute } from './services.ts'

/** One request of an agent, let through and on its way. */
export interface Order {
  readonly kind: ServiceKind
  readonly route: ServiceRoute
  readonly request: ServedRequest
  /** What the cassette knows it by. */
  readonly recorded: HttpRequest
  /** Aborts when the agent hangs up, and when its trial ends. */
  readonly signal: AbortSignal
  /** Aborts later: the answer is read to its end, to know what it cost, but not for ever. */
  readonly enough: AbortSignal
  /** The trial's own end, as its `over`. */
  readonly over: AbortSignal
  /** Absent where the request costs nothing. */
  readonly model?: { readonly exchange: Exchange; readonly body: JsonObject; readonly name: string }
}

/** What came back for an order, or why nothing did. */
export type Answered =
  | ({ readonly ok: true; readonly origin: Origin } & Arrived)
  | { readonly ok: false; readonly status: number; readonly error: ModelFailure }

export type Origin =
  /** `hasExtra`: we asked for more than the agent did. */
  | { readonly from: 'live'; readonly hasExtra: boolean }
  /** With what was recorded besides the answer itself. */
  | { readonly from: 'cassette'; readonly found: HttpResponse }
