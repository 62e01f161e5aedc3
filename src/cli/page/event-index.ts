import { open } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import { sizeIfThere } from '../outside/if-there.ts'
import { eventOf, parseLine, rememberText } from '../run-folder/read-events.ts'
import { runFiles } from '../run-folder/run-folder.ts'
import { lineHeads } from './event-lines.ts'

/**
 * Where in `events.jsonl` the events of each trial stand. A run of a day writes gigabytes of them: the
 * file is read once and never held, and a trial is read by its places.
 */
export interface EventIndex {
  /** Takes in what was written since. */
  readonly refresh: () => Promise<void>
  /** Whether anything is known of a trial, by its key as text. */
  readonly has: (trial: string) => boolean
  /**
   * The events of one trial, long texts back in place; none for a trial that has none. Of a trial that
   * was begun again only the last beginning counts.
   *
   * @throws AgentEvalError (input) for a line that is no event
   */
  readonly read: (trial: string) => Promise<readonly TraceEvent[]>
}

export function eventIndex(run: string): EventIndex {
  const file = path.join(run, runFiles.events)
  let places: Places = noPlaces()
  return {
    async refresh() {
      const bytes = await sizeIfThere(file)
      if (bytes < places.readTo) places = noPlaces()
      if (bytes > places.readTo) await takeIn(file, places)
    },
    has: (trial) => places.trials.has(trial),
    read: (trial) => readTrial(file, trial, places),
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

interface Places {
  /** Bytes of whole lines that are known. */
  readTo: number
  /** Spans of each trial, in order: start, end, start, end. */
  readonly trials: Map<string, number[]>
  readonly texts: Map<string, Span>
}

function noPlaces(): Places {
  return { readTo: 0, trials: new Map(), texts: new Map() }
}

/** As the journal begins every line; a value that somebody else wrote comes later. */
const trialLine = /^\{"run":"(?:[^"\\]|\\.)*","trial":("(?:[^"\\]|\\.)*"),"type":"([a-z._]+)"/
const textLine = /^\{"run":"(?:[^"\\]|\\.)*","type":"text","hash":"([0-9a-f]+)"/

async function takeIn(file: string, places: Places): Promise<void> {
  for await (const { end, head, start } of lineHeads(file, places.readTo)) {
    places.readTo = end + 1
    const [, key, type] = trialLine.exec(head) ?? []
    if (key !== undefined) {
      addSpan(places.trials, parsedKey(key), { start, end, isFirst: type === 'trial.start' })
      continue
    }
    const [, hash] = textLine.exec(head) ?? []
    if (hash !== undefined && !places.texts.has(hash)) places.texts.set(hash, { start, end })
  }
}

function parsedKey(quoted: string): string {
  return JSON.parse(quoted) as string
}

/** Lines that follow each other become one span. */
function addSpan(
  trials: Map<string, number[]>,
  trial: string,
  { end, isFirst, start }: Span & { readonly isFirst: boolean },
): void {
  const known = trials.get(trial)
  if (known === undefined || isFirst) trials.set(trial, [start, end])
  else if (known.at(-1) === start - 1) known[known.length - 1] = end
  else known.push(start, end)
}

async function readTrial(
  file: string,
  trial: string,
  { texts, trials }: Places,
): Promise<readonly TraceEvent[]> {
  const spans = trials.get(trial)
  if (spans === undefined) return []
  const handle = await open(file, 'r')
  try {
    const textAt = async ({ end, start }: Span): Promise<string> => {
      const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start)
      return buffer.toString('utf8')
    }
    const lines: string[] = []
    for (let at = 0; at + 1 < spans.length; at += 2) {
      const span = { start: spans[at] ?? 0, end: spans[at + 1] ?? 0 }
      lines.push(...(await textAt(span)).split('\n'))
    }
    const known = new Map<string, string>()
    for (const hash of namedTexts(lines)) {
      const place = texts.get(hash)
      if (place !== undefined) rememberText(parseLine(await textAt(place)) ?? {}, known)
    }
    return lines.map((line) => eventAt(line, known, file))
  } finally {
    await handle.close()
  }
}

/** Hashes that may stand for texts; one that does not is not found. */
function namedTexts(lines: readonly string[]): ReadonlySet<string> {
  const found = lines.flatMap((line) => [...line.matchAll(/"\$text":"([0-9a-f]{32})"/g)])
  return new Set(found.flatMap(([, hash]) => hash ?? []))
}

function eventAt(line: string, texts: ReadonlyMap<string, string>, file: string): TraceEvent {
  const parsed = parseLine(line)
  const event = parsed === undefined ? undefined : eventOf(parsed, texts)
  if (event !== undefined) return event
  throw new AgentEvalError('holds a line that is not an event', 'input', { source: { file } })
}
