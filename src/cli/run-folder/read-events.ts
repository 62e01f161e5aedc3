import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { restoreLongTexts } from '../../replay/long-texts.ts'
import { asJson, type JsonValue } from '../../schema/json.ts'
import { eventBody, type TraceEvent } from '../../schema/trace.ts'
import { linesOf, runFiles } from './run-folder.ts'

/**
 * The events of one trial, with long texts back in place. Where a killed run left the beginning of
 * a trial that a resumed one did again, only the last beginning counts.
 *
 * @throws AgentEvalError (input) when an event of the trial is not readable
 */
export async function readEvents(run: string, trial: string): Promise<readonly TraceEvent[]> {
  const file = path.join(run, runFiles.events)
  const texts = new Map<string, string>()
  let events: TraceEvent[] = []
  let number = 0
  // Most lines are other trials'; a look at the text spares parsing them.
  const mark = `"trial":${JSON.stringify(trial)}`
  for await (const text of linesOf(file)) {
    number += 1
    const isText = text.includes('"type":"text"')
    if (!isText && !text.includes(mark)) continue
    const line = parseLine(text)
    if (line === undefined) continue
    rememberText(line, texts)
    if (line['trial'] !== trial) continue
    const event = eventOf(line, texts)
    if (event === undefined) {
      throw new AgentEvalError('is not an event', 'input', { source: { file, line: number } })
    }
    if (event.type === 'trial.start') events = []
    events.push(event)
  }
  return events
}

/** A torn line is what a kill leaves; it holds nothing that anybody relies on. */
export function parseLine(text: string): Readonly<Record<string, JsonValue>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? asJson(value) : undefined
  } catch {
    return undefined
  }
}

export function rememberText(
  line: Readonly<Record<string, JsonValue>>,
  texts: Map<string, string>,
): void {
  const { hash, text, type } = line
  if (type === 'text' && typeof hash === 'string' && typeof text === 'string') texts.set(hash, text)
}

export function eventOf(
  line: Readonly<Record<string, JsonValue>>,
  texts: ReadonlyMap<string, string>,
): TraceEvent | undefined {
  const { seq, tMs } = line
  const envelope = new Set(['run', 'trial', 'seq', 'tMs'])
  const body = Object.fromEntries(Object.entries(line).filter(([key]) => !envelope.has(key)))
  const parsed = eventBody.safeParse(restoreLongTexts(body, texts))
  if (!parsed.success || typeof seq !== 'number' || typeof tMs !== 'number') return undefined
  return { ...parsed.data, seq, tMs }
}
