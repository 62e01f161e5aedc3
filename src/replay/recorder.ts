import type { ChargeKind } from '../controls/meter.ts'
import type { EventBody, LedgerRole, TraceEvent } from '../schema/trace.ts'

/** Numbers a trial's events, keeps them for grading, and hands each on as it happens. */
export interface Recorder {
  readonly record: (body: EventBody) => TraceEvent
  readonly events: readonly TraceEvent[]
}

/** Where a step of a trial is written down: what happened, and what it cost. */
export interface Books extends Pick<Recorder, 'record'> {
  /** Puts what one step cost into the ledger; amounts of 0 are no charge. */
  readonly charge: (role: LedgerRole, amounts: Partial<Record<ChargeKind, number>>) => void
}

/**
 * @param nowMs - the trial's own clock, in ms since its start
 * @param write - called once an event, in order
 */
export function createRecorder(nowMs: () => number, write: (event: TraceEvent) => void): Recorder {
  const events: TraceEvent[] = []
  return {
    events,
    record(body) {
      const event: TraceEvent = { ...body, seq: events.length, tMs: nowMs() }
      events.push(event)
      write(event)
      return event
    },
  }
}
