import type { ServedResponse } from '../../ports.ts'
import type { ModelFailure } from '../../providers/provider.ts'
import { failureOf } from './failure-of.ts'
import type { Answered, Order } from './order.ts'
import type { Exchange } from './read-answer.ts'
import { serviceError } from './services.ts'
import type { Settlement } from './settle-order.ts'
import { type Outcome, readBody, watchStream } from './watch-answer.ts'
import { bounded, wholeText } from './whole-text.ts'

type Arrived = Extract<Answered, { readonly ok: true }>

/** Where an answer goes, and who is told of its end. */
interface Relay {
  readonly order: Order
  readonly settle: Settlement
  readonly maxLength: number
}

/** Passes an answer on to the agent, streamed where it streams, and reads it on the way. */
export async function relayAnswer(answered: Answered, relay: Relay): Promise<ServedResponse> {
  if (!answered.ok) return refuse(relay, answered.status, answered.error)
  const isStream = answered.headers['content-type']?.includes('text/event-stream') === true
  const { model } = relay.order
  if (isStream && model !== undefined && isGood(answered)) {
    const body = relayStream(answered, model.exchange, relay)
    return { status: answered.status, headers: answered.headers, body }
  }
  return relayWhole(answered, relay)
}

function isGood({ status }: Arrived): boolean {
  return status >= 200 && status < 300
}

/** Our own answer in place of one that did not come, in the words of the service. */
function refuse({ order, settle }: Relay, status: number, error: ModelFailure): ServedResponse {
  const answer = serviceError(order.kind, status, error.message)
  const { body, headers } = answer
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
  settle.end({
    outcome: { ok: false, error },
    status,
    headers,
    body: text,
    isCut: order.signal.aborted,
  })
  return answer
}

async function relayWhole(arrived: Arrived, relay: Relay): Promise<ServedResponse> {
  const { order, settle, maxLength } = relay
  const { headers, origin, status } = arrived
  let body: string
  try {
    body = await wholeText(arrived.body, maxLength)
  } catch {
    return refuse(relay, 502, brokenOff(order))
  }
  settle.end({ outcome: outcomeOf(arrived, order, body), status, headers, body, origin })
  return { status, headers, body: new TextEncoder().encode(body) }
}

function outcomeOf(arrived: Arrived, { model }: Order, body: string): Outcome {
  if (!isGood(arrived)) return { ok: false, error: failureOf(arrived.status, body) }
  if (model !== undefined) return readBody(model.exchange, body)
  return { ok: true, answer: { content: [], modelServed: '', stopReason: 'end' } }
}

/** Whose fault it is that an answer stopped: whoever hung up, or the service. */
function brokenOff({ signal }: Order): ModelFailure {
  return signal.aborted
    ? { class: 'timeout', message: 'the agent did not wait for the answer' }
    : { class: 'transient', message: 'the answer broke off' }
}

/**
 * The stream as the agent gets it. It is read to its end whether or not the agent hears it out: only
 * there it says what it cost.
 */
function relayStream(
  arrived: Arrived,
  exchange: Exchange,
  { order, settle, maxLength }: Relay,
): AsyncIterable<Uint8Array> {
  const { headers, origin, status } = arrived
  const watch = watchStream(exchange, origin.from === 'live' && origin.hasExtra)
  const passed: string[] = []
  const note = (owed: string): string => {
    passed.push(owed)
    return owed
  }
  const end = (outcome: Outcome, isCut: boolean): void => {
    order.enough.removeEventListener('abort', giveUp)
    settle.end({ outcome, status, headers, body: passed.join(''), origin, isCut })
  }
  const giveUp = (): void => {
    end({ ok: true, answer: watch.soFar() }, true)
  }
  order.enough.addEventListener('abort', giveUp, { once: true })
  const texts = bounded(arrived.body, maxLength)
  const pieces = async function* (): AsyncGenerator<string> {
    for (let step = await texts.next(); step.done !== true; step = await texts.next()) {
      const owed = note(watch.pass(step.value))
      const isHeard = !order.signal.aborted
      if (isHeard && watch.isComplete()) settle.hear({ outcome: watch.outcome(), origin })
      yield owed
    }
    const owed = note(watch.rest())
    end(watch.outcome(), order.signal.aborted)
    yield owed
  }
  return encoded(() =>
    heardOut(pieces, () => {
      if (order.signal.aborted) giveUp()
      else end({ ok: false, error: brokenOff(order) }, true)
    }),
  )
}

/** The same pieces; those that are left when their reader leaves are read all the same. */
async function* heardOut(
  pieces: () => AsyncGenerator<string>,
  onBreak: () => void,
): AsyncGenerator<string> {
  let isOver = false
  try {
    yield* pieces()
    isOver = true
  } catch (cause) {
    isOver = true
    onBreak()
    throw cause
  } finally {
    if (!isOver) await readOn(pieces()).catch(onBreak)
  }
}

async function readOn(pieces: AsyncGenerator<string>): Promise<void> {
  while ((await pieces.next()).done !== true) continue
}

async function* encoded(texts: () => AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const text of texts()) {
    if (text !== '') yield encoder.encode(text)
  }
}
