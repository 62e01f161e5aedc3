import type { JournalSink } from '../ports.ts'
import { asJson } from '../schema/json.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey, type TrialKey } from '../schema/trial-key.ts'
import type { Redactor } from '../text/redact.ts'
import { nameLongTexts } from './long-texts.ts'

/** Events that hold nothing but our own words and numbers. Most events are of this kind. */
const ourOwn: ReadonlySet<TraceEvent['type']> = new Set(['budget'])

/** The append-only record of a run. Secrets leave every value before it is written. */
export interface Journal {
  readonly event: (key: TrialKey, event: TraceEvent) => void
  /** Writes a trial's line, after its events. */
  readonly trial: (line: TrialLine) => void
}

export function openJournal(run: string, sink: JournalSink, redactor: Redactor): Journal {
  const written = new Set<string>()
  const writeText = (hash: string, text: string): void => {
    if (written.has(hash)) return
    written.add(hash)
    sink.appendEvents(`${JSON.stringify({ run, type: 'text', hash, text })}\n`)
  }
  // Every event of a trial begins alike; what comes after is written once, without a copy.
  const starts = new WeakMap<TrialKey, string>()
  const startOf = (key: TrialKey): string => {
    const known =
      starts.get(key) ?? JSON.stringify({ run, trial: formatTrialKey(key) }).slice(0, -1)
    starts.set(key, known)
    return known
  }
  return {
    event(key, event) {
      const body = ourOwn.has(event.type)
        ? event
        : nameLongTexts(redactor.json(asJson(event)), writeText)
      sink.appendEvents(`${startOf(key)},${JSON.stringify(body).slice(1)}\n`)
    },
    trial(line) {
      sink.appendTrial(`${JSON.stringify(redactor.json(asJson(line)))}\n`)
    },
  }
}
