import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { JsonValue } from '../../schema/json.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import { eventOf, parseLine, rememberText } from '../run-folder/read-events.ts'
import { linesOf, runFiles } from '../run-folder/run-folder.ts'

/** A trial that came to its end, with all that was recorded of it. */
export interface TracedTrial {
  /** As text, such as `refund.full#1`. */
  readonly trial: string
  readonly events: readonly TraceEvent[]
}

/**
 * Every finished trial of a run, one at a time, in the order in which they ended; one that was cut off
 * is left out. Where a resumed run did a trial again, only its last beginning counts.
 *
 * @throws AgentEvalError (input) when an event is not readable
 */
export async function* readTracedTrials(run: string): AsyncGenerator<TracedTrial> {
  const file = path.join(run, runFiles.events)
  const beginnings = await lastBeginnings(file)
  const texts = new Map<string, string>()
  const open = new Map<string, TraceEvent[]>()
  let number = 0
  for await (const text of linesOf(file)) {
    number += 1
    const line = parseLine(text)
    if (line === undefined) continue
    rememberText(line, texts)
    const { trial } = line
    if (typeof trial !== 'string') continue
    if (beginnings.get(trial) === number) open.set(trial, [])
    const events = open.get(trial)
    if (events === undefined) continue
    const event = eventOf(line, texts)
    if (event === undefined) {
      throw new AgentEvalError('is not an event', 'input', { source: { file, line: number } })
    }
    events.push(event)
    if (event.type !== 'trial.end') continue
    open.delete(trial)
    yield { trial, events }
  }
}

/** By trial the number of the line on which it began last. */
async function lastBeginnings(file: string): Promise<ReadonlyMap<JsonValue, number>> {
  const beginnings = new Map<JsonValue, number>()
  let number = 0
  for await (const text of linesOf(file)) {
    number += 1
    // Most lines are others; a look at the text spares parsing them.
    if (!text.includes('"type":"trial.start"')) continue
    const line = parseLine(text)
    if (line?.['type'] === 'trial.start') beginnings.set(line['trial'] ?? null, number)
  }
  return beginnings
}
