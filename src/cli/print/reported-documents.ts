import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AgentEvalError } from '../../errors.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { comparison, type RunResult, runResult } from '../../schema/run-result.ts'
import { skippedRun } from '../../schema/skipped-run.ts'
import { contradictions } from '../../schema/verdict.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { isRunFolder, pathOfRun } from '../at-base/baseline-source.ts'
import { kindAt, sizeIfThere } from '../outside/if-there.ts'
import { isUnfinished } from '../run-folder/find-run.ts'
import { readRun } from '../run-folder/read-run.ts'
import { readDocument, readManifest, readResult, runFiles } from '../run-folder/run-folder.ts'

/** Whatever a command that decides, or that need not, leaves behind. */
const reportedDocument = z.discriminatedUnion('kind', [runResult, comparison, skippedRun])
type ReportedDocument = z.infer<typeof reportedDocument>

export interface Reported {
  /** As the user would type it. */
  readonly from: string
  readonly document: ReportedDocument
  /** Of a run folder. */
  readonly manifest?: RunManifest
}

/** What could be read of all that was named, in that order, and what could not. */
export interface ReportedDocuments {
  readonly found: readonly Reported[]
  readonly problems: readonly AgentEvalError[]
}

/** A result of 5,000 cases has a tenth of it. */
const maxBytes = 64_000_000
/** Of all together: what is held at once must fit into a small job's memory. */
const maxBytesInAll = 128_000_000
const maxDepth = 5
const maxFiles = 2_000

/**
 * Reads run folders, documents, and whatever of both lies below a folder. Everything is checked against
 * its schema: a downloaded artifact may be anybody's. Links are not followed, and JSON of another kind
 * in a folder is passed over.
 */
export async function readReported(
  named: readonly string[],
  cwd: string,
): Promise<ReportedDocuments> {
  const found: Reported[] = []
  const problems: AgentEvalError[] = []
  const room: Room = { bytes: maxBytesInAll }
  for (const name of named) {
    const places = await placesNamed(name, cwd)
    if (places instanceof AgentEvalError) {
      problems.push(places)
      continue
    }
    for (const place of places) {
      const read = await readPlace(place, room)
      if (read instanceof AgentEvalError) problems.push(read)
      else if (read !== undefined) found.push(read)
      if (room.bytes < 0) return { found, problems }
    }
  }
  return { found, problems }
}

/** What may still be read; below zero, nothing may. */
interface Room {
  bytes: number
}

async function placesNamed(name: string, cwd: string): Promise<readonly Place[] | AgentEvalError> {
  try {
    return await placesIn(await pathOfRun(name, cwd), name)
  } catch (error) {
    return problemOf(error, name)
  }
}

/** Whatever is wrong with what somebody left there is told; the rest is reported all the same. */
function problemOf(error: unknown, shown: string): AgentEvalError {
  if (error instanceof AgentEvalError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new AgentEvalError(`cannot be read: ${terminalLine(why, 200)}`, 'input', {
    source: { file: shown },
    cause: error,
  })
}

/** The result of a run folder, whether it was written or not, or that of a `result.json`. */
export async function readResultOf(file: string): Promise<RunResult> {
  if (!(await isRunFolder(file))) return readDocument(file, runResult)
  if (!(await isUnfinished(file))) return readResult(file)
  const { manifest, summary } = await readRun(file)
  return runResultOf(manifest, summary)
}

/** `mayBeOther`: it was found, not named, so that it need not be for us. */
interface Place {
  readonly file: string
  readonly shown: string
  readonly kind: 'run' | 'document'
  readonly mayBeOther: boolean
}

async function placesIn(file: string, shown: string): Promise<readonly Place[] | AgentEvalError> {
  const kind = await kindAt(file)
  if (kind === 'missing') {
    return new AgentEvalError('there is no such run, result or folder', 'input', {
      source: { file: shown },
    })
  }
  if (kind === 'file') return [{ file, shown, kind: 'document', mayBeOther: false }]
  if (await isRunFolder(file)) return [{ file, shown, kind: 'run', mayBeOther: false }]
  const below = await placesBelow(file, shown)
  if (below.length > maxFiles) {
    return new AgentEvalError(`holds more than ${maxFiles} runs and documents`, 'input', {
      source: { file: shown },
      hint: 'name those that are to be reported',
    })
  }
  if (below.length > 0) return below
  return new AgentEvalError('holds no result', 'input', {
    source: { file: shown },
    hint: 'name a run folder, a result.json or a folder with some of them',
  })
}

async function placesBelow(folder: string, shown: string, depth = 0): Promise<readonly Place[]> {
  const places: Place[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (places.length > maxFiles) break
    const below = path.join(folder, entry.name)
    const name = path.join(shown, entry.name)
    if (entry.isDirectory()) places.push(...(await placesInFolder(below, name, depth)))
    else if (entry.isFile() && entry.name.endsWith('.json')) {
      places.push({ file: below, shown: name, kind: 'document', mayBeOther: true })
    }
  }
  return places
}

async function placesInFolder(
  folder: string,
  shown: string,
  depth: number,
): Promise<readonly Place[]> {
  // Arms that confirmed another run: what they say stands in that one's result.
  if (/-confirm-(?:baseline|candidate)$/.test(folder)) return []
  if (await isRunFolder(folder)) return [{ file: folder, shown, kind: 'run', mayBeOther: true }]
  return depth < maxDepth ? placesBelow(folder, shown, depth + 1) : []
}

async function readPlace(place: Place, room: Room): Promise<Reported | AgentEvalError | undefined> {
  try {
    await takeRoom(place, room)
    const read = await (place.kind === 'run' ? readRunFolder(place) : readJson(place))
    if (read !== undefined) requireConsistent(read)
    return read
  } catch (error) {
    if (error instanceof AgentEvalError) return shownFor(error, place)
    return problemOf(error, place.shown)
  }
}

async function takeRoom({ file, kind }: Place, room: Room): Promise<void> {
  const files =
    kind === 'document'
      ? [file]
      : [runFiles.manifest, runFiles.result].map((name) => path.join(file, name))
  for (const one of files) {
    const size = await sizeIfThere(one)
    if (size > maxBytes) throw tooLarge(one, `is larger than ${maxBytes / 1_000_000} MB`)
    room.bytes -= size
  }
  if (room.bytes >= 0) return
  throw tooLarge(file, `there are more than ${maxBytesInAll / 1_000_000} MB up to here`)
}

function tooLarge(file: string, message: string): AgentEvalError {
  return new AgentEvalError(message, 'input', { source: { file } })
}

/** Somebody may have edited a document into a pass. */
function requireConsistent({ document, from }: Reported): void {
  if (document.kind === 'SkippedRun' || document.verdict === undefined) return
  const [first] = contradictions(document.verdict)
  if (first === undefined) return
  throw new AgentEvalError(`verdict: ${first}`, 'input', { source: { file: from } })
}

/** Named as the user named it: it may be read far from this machine. */
function shownFor(error: AgentEvalError, { file, shown }: Place): AgentEvalError {
  const inside = path.relative(file, error.source?.file ?? file)
  const { code, hint, message } = error
  return new AgentEvalError(message, code, {
    source: { ...error.source, file: path.join(shown, inside) },
    cause: error,
    ...(hint !== undefined && { hint }),
  })
}

async function readRunFolder({ file, shown }: Place): Promise<Reported> {
  const manifest = await readManifest(file)
  return { from: shown, document: await readResultOf(file), manifest }
}

const named = z.looseObject({ kind: z.string() })
const kinds: ReadonlySet<string> = new Set(['RunResult', 'Comparison', 'SkippedRun'])

async function readJson({ file, mayBeOther, shown }: Place): Promise<Reported | undefined> {
  const value = await readDocument(file, z.unknown())
  const kind = named.safeParse(value).data?.kind
  if (mayBeOther && (kind === undefined || !kinds.has(kind))) return undefined
  return { from: shown, document: await readDocument(file, reportedDocument) }
}
