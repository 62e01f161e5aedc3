import type { Books } from '../replay/recorder.ts'
import type { TraceEvent } from '../schema/trace.ts'

/** A trial's trace, open once more for what a judge adds. */
export interface AfterTrial {
  readonly books: Books
  /** All events of the trial: those that were there, and those that were added so far. */
  readonly events: readonly TraceEvent[]
}

/**
 * Goes on with the trace of a trial that has ended: numbers go on, the trial's clock stands still.
 *
 * Charges nothing: what a judge costs is no part of the trial's budget. It stands in the
 * `model.response`, and is added up by role from there.
 *
 * @param write - called once an added event, in order
 */
export function afterTrial(
  ended: readonly TraceEvent[],
  write: (event: TraceEvent) => void,
): AfterTrial {
  const events = [...ended]
  const last = ended.at(-1)
  return {
    events,
    books: {
      record(body) {
        const seq = (events.at(-1)?.seq ?? -1) + 1
        const event: TraceEvent = { ...body, seq, tMs: last?.tMs ?? 0 }
        events.push(event)
        write(event)
        return event
      },
      charge: () => undefined,
    },
  }
}
