/** What a script sees of a request and says in answer, whichever protocol is spoken. */

/** One message of the conversation, in the words of neither protocol. */
export interface HeardMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly toolCalls: readonly { readonly id: string; readonly name: string }[]
  readonly toolResults: readonly { readonly id: string; readonly text: string }[]
}

export interface FakeRequest {
  /** Which request to this server, from 0, in order of arrival. */
  readonly index: number
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The JSON as sent. */
  readonly body: Readonly<Record<string, unknown>>
  readonly model: string
  readonly isStream: boolean
  readonly system: string
  /** The whole conversation; results of tools stand as messages of the user. */
  readonly messages: readonly HeardMessage[]
  readonly tools: readonly string[]
  /** The JSON Schema that the answer must fit, where one is asked for. */
  readonly schema: unknown
  /** The tool that must be called, where one must. */
  readonly forcedTool: string | undefined
}

/** Tokens as a price list counts them: `input` includes what was read from and written to a cache. */
export interface FakeUsage {
  readonly input: number
  readonly output: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  readonly reasoning?: number
}

export interface FakeToolCall {
  readonly name: string
  /** A text is sent as it stands where the protocol allows it (OpenAI). */
  readonly args: Readonly<Record<string, unknown>> | string
  /** Absent: one that no other call of this server has. */
  readonly id?: string
}

export interface FakeAnswer {
  readonly text?: string
  readonly thinking?: string
  readonly toolCalls?: readonly FakeToolCall[]
  /** A structured answer: as text, or as the forced tool where one was forced. */
  readonly json?: unknown
  readonly refusal?: string
  /** Default: `end`, or `tool_calls` where there are some. */
  readonly stop?: 'end' | 'length' | 'tool_calls'
  /** `null`: the answer has no usage at all. Default: 20 in, 10 out. */
  readonly usage?: FakeUsage | null
  /** The model that claims to have answered. Default: the one asked for. */
  readonly model?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The whole body, instead of all that stands above. */
  readonly raw?: unknown
}

/** What makes the wire form of one protocol. */
export interface Protocol {
  readonly path: string
  readonly keyOf: (headers: Readonly<Record<string, string>>) => string | undefined
  readonly hear: (
    body: Readonly<Record<string, unknown>>,
  ) => Omit<FakeRequest, 'index' | 'path' | 'headers' | 'body'>
  readonly body: (answer: FakeAnswer, request: FakeRequest) => unknown
  /** The answer as server-sent events, each as it is written. */
  readonly events: (answer: FakeAnswer, request: FakeRequest) => readonly string[]
  readonly error: (status: number, message: string, code: string | undefined) => unknown
  /** Headers of a service that counts requests: 100 a minute, of which `remaining` are left. */
  readonly limits: (remaining: number) => Readonly<Record<string, string>>
}

export const defaultUsage: FakeUsage = { input: 20, output: 10 }

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export function asList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(asRecord) : []
}

/** The words of content that is a text or a list of parts. */
export function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content
  return asList(content)
    .flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : []))
    .join('\n')
}

/** A text in a few pieces, as a stream brings it. */
export function pieces(text: string): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / 3))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  )
}
