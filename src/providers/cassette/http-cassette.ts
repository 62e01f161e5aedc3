import type { FailedAttempt, Usage } from '../../schema/model-answer.ts'

/** `off` goes live and keeps nothing; `record` goes live and keeps; `replay` never goes live. */
export type CassetteMode = 'off' | 'record' | 'replay'

/** A model request of an agent outside, as it came to the proxy. */
export interface HttpRequest {
  /** `provider:model`, as prices and reports name it. */
  readonly reference: string
  /** As `formatTrialKey` writes it. */
  readonly trial: string
  /** Which request of this trial it is, from 0, in the order of arrival. */
  readonly ordinal: number
  readonly method: string
  /** Path and query below the stand-in's own prefix: `/v1/messages`. Without the trial's token. */
  readonly path: string
  /** As sent; JSON is compared by what it says, not by how it is spelt. */
  readonly body: string
}

/** What came back, as the agent got it. */
export interface HttpResponse {
  readonly status: number
  /** Only those that the agent needs: `content-type`, `retry-after`. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As it was; a streamed one as its chunks joined. */
  readonly body: string
  readonly usage?: Usage
  /** As billed; absent where no price is known. */
  readonly costUsd?: number
  readonly coldCostUsd?: number
  readonly latencyMs: number
  /** Attempts of ours that failed before this answer. */
  readonly attempts?: readonly FailedAttempt[]
}

type HttpFound =
  | { readonly ok: true; readonly response: HttpResponse }
  /** Nothing of this request was recorded; the message names the nearest, on one line. */
  | { readonly ok: false; readonly message: string }

/** The cassette as the recording proxy sees it. */
export interface HttpCassette {
  readonly mode: CassetteMode
  /**
   * What was recorded for a request. To be asked in mode `replay` only, once a request; nothing may
   * go live after it, whatever it says.
   */
  readonly find: (request: HttpRequest) => HttpFound
  /** Keeps an exchange, also one that failed. Does nothing unless mode is `record`. */
  readonly record: (request: HttpRequest, response: HttpResponse) => void
}

/** For runs without a cassette. */
export const noHttpCassette: HttpCassette = {
  mode: 'off',
  find: () => ({ ok: false, message: 'there is no cassette' }),
  record: () => undefined,
}
