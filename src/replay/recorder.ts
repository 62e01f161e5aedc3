import type { EventBody, TraceEvent } from '../schema/trace.ts'

/** Numbers a trial's events, keeps them for grading, and hands each on as it happens. */
export interface Recorder {
  readonly record: (body: EventBody) => TraceEvent
  readonly events: readonly TraceEvent[]
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
