import type { ModelReply } from '../../providers/provider.ts'
import type { ModelAdmission } from '../../replay/outside-trial.ts'
import type { Order, Origin } from './order.ts'
import type { ProxyPorts } from './proxy-ports.ts'
import { replyOf } from './reply-of.ts'
import type { Outcome } from './watch-answer.ts'

/** How an order came to its end. */
interface Ending {
  readonly outcome: Outcome
  /** What the agent got, as far as it got it. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Absent where no answer came at all. */
  readonly origin?: Origin
  /** Nobody waited for the rest. */
  readonly isCut?: boolean
}

/** Whom the end of an order concerns. */
export interface Concerned {
  readonly ports: ProxyPorts
  readonly order: Order
  readonly startedMs: number
  /** Absent where the request costs nothing. */
  readonly admission?: Extract<ModelAdmission, { readonly ok: true }>
  readonly release?: () => void
}

/** Writes down what became of an order. Each of the two counts the first time that it is called. */
export interface Settlement {
  /**
   * The answer is complete: the trial knows it, with its price, before the agent can act on it. The
   * rest of the stream may still be on its way.
   */
  readonly hear: (heard: Pick<Ending, 'origin' | 'outcome'>) => void
  /** It is over: others may go, and the cassette gets it. */
  readonly end: (ending: Ending) => void
}

interface Heard {
  readonly reply: ModelReply
  readonly latencyMs: number
}

export function settlement(concerned: Concerned): Settlement {
  const { admission, order, ports, release, startedMs } = concerned
  let heard: Heard | undefined
  let isOver = false
  const hear = ({ origin, outcome }: Pick<Ending, 'origin' | 'outcome'>): Heard => {
    if (heard !== undefined) return heard
    const latencyMs = Math.max(0, ports.clock.nowMs() - startedMs)
    heard = { reply: replyOf({ outcome, origin, latencyMs }, order, ports), latencyMs }
    admission?.close(heard.reply)
    return heard
  }
  return {
    hear,
    end(ending) {
      if (isOver) return
      isOver = true
      // What the end of its trial cut off is no answer that anybody should hear again.
      const isFragment = heard === undefined && ending.isCut === true && order.over.aborted
      const known = hear(ending)
      release?.()
      if (isFragment || ports.cassette.mode !== 'record') return
      keep(ending, known.reply, { ...concerned, latencyMs: known.latencyMs })
    },
  }
}

/** What the agent needs of the headers; the rest says nothing that a replay should repeat. */
const keptHeaders = new Set(['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry'])

function keep(
  { body, headers, outcome, status }: Ending,
  reply: ModelReply,
  { latencyMs, order, ports }: Concerned & { readonly latencyMs: number },
): void {
  const { coldCostUsd, costUsd } = reply.ok ? reply.response : {}
  const usage = outcome.ok ? outcome.answer.usage : undefined
  ports.cassette.record(order.recorded, {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => keptHeaders.has(name))),
    body,
    ...(usage !== undefined && { usage }),
    ...(costUsd !== undefined && { costUsd }),
    ...(coldCostUsd !== undefined && { coldCostUsd }),
    latencyMs,
  })
}
