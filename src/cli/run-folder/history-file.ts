import { lstat, open } from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { AgentEvalError } from '../../errors.ts'
import { type HistoryEntry, historyEntry } from '../../schema/history.ts'
import { asJson } from '../../schema/json.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import type { Redactor } from '../../text/redact.ts'
import { isMissing } from '../outside/node-folder.ts'
import { historyFile } from './history-name.ts'
import { readText } from './run-folder.ts'

/** A history file: where it is, and how messages call it. */
export interface HistoryPlace {
  readonly file: string
  readonly shown: string
}

/** What a history holds, and where its whole lines end. */
export interface History {
  readonly entries: readonly HistoryEntry[]
  /** Bytes of whole lines: what stands behind them is torn, or a whole line without its end. */
  readonly wholeBytes: number
  /** The last line was cut off while it was written; it is passed over. */
  readonly torn: boolean
}

const nothing: History = { entries: [], wholeBytes: 0, torn: false }

/**
 * Reads a history. A torn last line is what a killed run leaves behind: it is passed over. A run that
 * stands there twice, as a merge of two branches leaves it, counts once.
 *
 * @returns `undefined` where there is no such file
 * @throws AgentEvalError (input) for a link, for a broken line anywhere else, for a run with two
 *   different lines, and for lines of several eval sets
 */
export async function readHistory(place: HistoryPlace): Promise<History | undefined> {
  if (!(await isPlainFile(place))) return undefined
  return parseHistory(await readText(place.file, place.shown), place.shown)
}

/** A history is part of a pull request: its links must not lead our reading or writing elsewhere. */
async function isPlainFile({ file, shown }: HistoryPlace): Promise<boolean> {
  try {
    const found = await lstat(file)
    if (found.isFile()) return true
    throw new AgentEvalError(`is ${found.isDirectory() ? 'a folder' : 'a link'}`, 'input', {
      source: { file: shown },
      hint: 'a history is a plain file: --history=FILE',
    })
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function parseHistory(text: string, shown: string): History {
  const entries: HistoryEntry[] = []
  const lines = text.split('\n')
  const seen: Seen = { runs: new Map(), evalSet: undefined }
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const entry = parseLine(line)
    const isLast = index === lines.length - 1
    if (isLast && !entry.success && !isJson(line)) {
      const wholeBytes = Buffer.byteLength(text) - Buffer.byteLength(line)
      return { entries, wholeBytes, torn: true }
    }
    const source = { file: shown, line: index + 1 }
    if (!entry.success) throw badLine(entry.error, source)
    if (isNew(entry.data, seen, source)) entries.push(entry.data)
  }
  return { ...nothing, entries, wholeBytes: Buffer.byteLength(text) }
}

type Parsed = z.ZodSafeParseResult<HistoryEntry>

function parseLine(line: string): Parsed {
  return historyEntry.safeParse(isJson(line) ? JSON.parse(line) : undefined)
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

interface Source {
  readonly file: string
  readonly line: number
}

function badLine(error: z.ZodError, source: Source): AgentEvalError {
  return new AgentEvalError(`is no line of a history: ${firstIssue(error)}`, 'input', {
    source,
    hint: 'restore the file from git; lines are only ever added to it',
  })
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
  return `${where}${issue?.message ?? 'not of the expected form'}`
}

interface Seen {
  readonly runs: Map<string, string>
  evalSet: string | undefined
}

/** Whether a line says something that no line before it has said. */
function isNew(entry: HistoryEntry, seen: Seen, source: Source): boolean {
  if (entry.kind === 'HistoryNote') return true
  seen.evalSet ??= entry.evalSet.id
  if (entry.evalSet.id !== seen.evalSet) {
    throw new AgentEvalError(
      `is of eval set "${entry.evalSet.id}", the lines before of "${seen.evalSet}"`,
      'input',
      { source, hint: 'keep one history file for each eval set' },
    )
  }
  const bytes = canonicalJson(asJson(entry))
  const known = seen.runs.get(entry.run)
  seen.runs.set(entry.run, bytes)
  if (known === undefined) return true
  if (known === bytes) return false
  throw new AgentEvalError(`run "${entry.run}" stands here twice, and differs`, 'input', { source })
}

/**
 * Adds one line, in one write. What a killed run left of a line is cut off first.
 *
 * @param history - as just read; `undefined` for a file that is still to be made
 * @param redactor - nothing secret goes into a file that is committed
 * @throws AgentEvalError (usage, input) for a line that could not be read again, and where the file
 *   cannot be written
 */
export async function appendHistory(
  place: HistoryPlace,
  entry: HistoryEntry,
  {
    history = nothing,
    redactor,
  }: { readonly history?: History | undefined; readonly redactor: Redactor },
): Promise<void> {
  const line = lineOf(entry, redactor, place)
  try {
    const handle = await open(place.file, 'a+')
    try {
      if (history.torn) await handle.truncate(history.wholeBytes)
      await handle.appendFile((await endsInsideLine(handle)) ? `\n${line}` : line)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw new AgentEvalError('cannot be written', 'input', { source: { file: place.shown }, cause })
  }
}

/** A line that nobody could read again would take all others with it. */
function lineOf(entry: HistoryEntry, redactor: Redactor, { shown }: HistoryPlace): string {
  const clean = redactor.json(asJson(entry))
  const parsed = historyEntry.safeParse(clean)
  if (parsed.success) return `${canonicalJson(clean)}\n`
  throw new AgentEvalError(`cannot hold this line: ${firstIssue(parsed.error)}`, 'usage', {
    source: { file: shown },
  })
}

async function endsInsideLine(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return false
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== 0x0a
}

/** Where the history of an eval set is, unless somebody names another file. */
export function historyPlace(
  evalSet: { readonly folder: string; readonly shown: string },
  named: string | true | undefined,
  cwd: string,
): HistoryPlace {
  if (typeof named === 'string') return { file: path.resolve(cwd, named), shown: named }
  return {
    file: path.join(evalSet.folder, historyFile),
    shown: path.join(evalSet.shown, historyFile),
  }
}
