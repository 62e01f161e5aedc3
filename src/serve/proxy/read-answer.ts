import type { ModelResponse } from '../../providers/provider.ts'
import type { JsonObject } from '../../schema/json.ts'
import type { Part } from '../../schema/message.ts'
import type { Usage } from '../../schema/model-answer.ts'

/** What an answer of a model service says, in our terms. */
export interface ReadAnswer {
  readonly content: readonly Part[]
  /** Empty where the service does not name it. */
  readonly modelServed: string
  readonly stopReason: ModelResponse['stopReason']
  /** Absent where the service did not tell. */
  readonly usage?: Usage
}

/** Puts a streamed answer together again as the body that would have come unstreamed. */
export interface StreamReader {
  /** One event's data; what it does not know it leaves alone. */
  readonly add: (event: JsonObject) => void
  /** `undefined` while the stream has not said that the answer is complete. */
  readonly whole: () => JsonObject | undefined
  /** Usage told so far, also of a stream that breaks off. */
  readonly usage: () => Usage | undefined
}

/** One kind of model request: how to read what is asked and what comes back. */
export interface Exchange {
  /** Messages in a request, the system's own among them. */
  readonly countMessages: (request: JsonObject) => number
  readonly readAnswer: (body: JsonObject) => ReadAnswer
  readonly startStream: () => StreamReader
  /** Why a request can not be served here. */
  readonly refuse?: (request: JsonObject) => string | undefined
  /**
   * The request that makes a stream tell its usage, where this one does not ask for it. What the
   * agent then gets too much, `isExtra` tells.
   */
  readonly askForUsage?: (request: JsonObject) => JsonObject | undefined
  readonly isExtra?: (event: JsonObject) => boolean
}
