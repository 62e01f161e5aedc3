import type { ModelFailure } from '../../providers/provider.ts'
import type { JsonObject } from '../../schema/json.ts'
import { failureIn } from './failure-of.ts'
import type { Exchange, ReadAnswer, StreamReader } from './read-answer.ts'
import { parseObject } from './read-json.ts'
import { type SseBlock, startSse } from './sse-blocks.ts'

/** What a body said, once it is over. */
export type Outcome =
  | { readonly ok: true; readonly answer: ReadAnswer }
  | { readonly ok: false; readonly error: ModelFailure }

/** Reads a stream while it passes. */
export interface StreamWatch {
  /** What of a chunk goes on to the agent. */
  readonly pass: (text: string) => string
  /** What is still to go on when no more comes. */
  readonly rest: () => string
  /** Nothing that matters is still to come. */
  readonly isComplete: () => boolean
  readonly outcome: () => Outcome
  /**
   * What is known of an answer that nobody heard out. Usage told on the way is of a part, and no price.
   */
  readonly soFar: () => ReadAnswer
}

const endedEarly: Outcome = {
  ok: false,
  error: { class: 'transient', message: 'the answer ended early' },
}

/**
 * @param hasExtra - keeps back what the agent did not ask for; then only whole events go on, otherwise
 * everything goes on at once
 */
export function watchStream(exchange: Exchange, hasExtra: boolean): StreamWatch {
  const sse = startSse()
  const reader = exchange.startStream()
  let failure: ModelFailure | undefined
  let isDone = false
  const read = ({ data, raw }: SseBlock): void => {
    isDone ||= /^data: *\[DONE\]/m.test(raw)
    if (data === undefined) return
    failure ??= failureIn(data)
    reader.add(data)
  }
  const isOwed = ({ data }: SseBlock): boolean =>
    !hasExtra || data === undefined || exchange.isExtra?.(data) !== true
  return {
    pass(text) {
      const blocks = sse.push(text)
      for (const block of blocks) read(block)
      if (!hasExtra) return text
      const owed = blocks.filter(isOwed)
      return owed.map(({ raw }) => raw).join('')
    },
    rest() {
      const last = sse.rest()
      read(last)
      return hasExtra && isOwed(last) ? last.raw : ''
    },
    isComplete: () => isDone || (reader.whole() !== undefined && reader.usage() !== undefined),
    outcome: () => outcomeOf(exchange, reader, failure),
    soFar: () => {
      const answer = { content: [], modelServed: '', stopReason: 'end' } as const
      return reader.whole() === undefined ? answer : withUsage(answer, reader)
    },
  }
}

function outcomeOf(
  exchange: Exchange,
  reader: StreamReader,
  failure: ModelFailure | undefined,
): Outcome {
  if (failure !== undefined) return { ok: false, error: failure }
  const body = reader.whole()
  return body === undefined ? endedEarly : { ok: true, answer: exchange.readAnswer(body) }
}

function withUsage(answer: ReadAnswer, reader: StreamReader): ReadAnswer {
  const usage = reader.usage()
  return usage === undefined ? answer : { ...answer, usage }
}

/** What a body says that came at once. */
export function readBody(exchange: Exchange, text: string): Outcome {
  const body: JsonObject | undefined = parseObject(text)
  if (body !== undefined) return { ok: true, answer: exchange.readAnswer(body) }
  return { ok: false, error: { class: 'transient', message: 'the answer is no JSON object' } }
}
