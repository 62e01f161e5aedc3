import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { type Cassette, createCassette, noCassette } from '../../providers/cassette/cassette.ts'
import type { CassetteEntry } from '../../providers/cassette/cassette-entry.ts'
import { createEntryEncoder, encodeHeader } from '../../providers/cassette/encode-entries.ts'
import type { CassetteMode } from '../../providers/cassette/http-cassette.ts'
import { mergeEntries } from '../../providers/cassette/recording.ts'
import type { Unused } from '../../providers/cassette/replaying.ts'
import type { CassetteHeader } from '../../schema/cassette.ts'
import type { Redactor } from '../../text/redact.ts'
import { cassetteFileName, cassetteFolder } from './cassette-name.ts'
import { type CassettePlace, isPlainFile, look, readCassette } from './read-cassette.ts'

/** Where the cassette of an eval set and a candidate is. */
export function cassettePlace(
  evalSet: { readonly folder: string; readonly shown: string },
  candidate: string,
): CassettePlace {
  const name = path.join(cassetteFolder, cassetteFileName(candidate))
  return { file: path.join(evalSet.folder, name), shown: path.join(evalSet.shown, name) }
}

export interface CassetteRequest {
  readonly mode: CassetteMode
  readonly place: CassettePlace
  readonly evalSet: string
  readonly candidate: string
  readonly redactor: Redactor
}

/** A cassette in use. */
export interface OpenCassette {
  readonly cassette: Cassette
  /**
   * To be called once all trials have ended, also after an interrupt. Writes what was recorded.
   *
   * @param planned - whether this run was to try a trial at all
   * @returns what of the recordings nobody asked for; `undefined` unless in a replay
   */
  readonly close: (planned?: (trial: string) => boolean) => Promise<Unused | undefined>
}

/**
 * Opens the cassette of a run, before anything is spent.
 *
 * While recording, each reply is appended at once to a second file beside the cassette. It goes away
 * when the run ends; after a kill it stays, and the next recording takes over what it holds. Only
 * there a torn last line is no error: the cassette itself is never written but whole.
 *
 * @throws AgentEvalError (usage, input) for a replay of what is not there, for links, for a file that
 *   is broken or belongs to something else, and where nothing can be written
 */
export async function openCassette(request: CassetteRequest): Promise<OpenCassette> {
  if (request.mode === 'off')
    return { cassette: noCassette, close: () => Promise.resolve(undefined) }
  await refuseLinkedFolder(request.place)
  return request.mode === 'record' ? openRecording(request) : openReplay(request)
}

async function openReplay(request: CassetteRequest): Promise<OpenCassette> {
  const { place, redactor } = request
  const entries = await readCassette(place, headerOf(request))
  if (entries === undefined) throw await nothingRecorded(place)
  const cassette = createCassette({ mode: 'replay', header: headerOf(request), entries, redactor })
  return { cassette, close: (planned) => Promise.resolve(cassette.finish(planned).unused) }
}

async function nothingRecorded(place: CassettePlace): Promise<AgentEvalError> {
  const isCutOff = await isPlainFile(recordingPlace(place))
  const message = isCutOff ? 'was never finished' : 'there is no such recording'
  return new AgentEvalError(message, 'usage', {
    source: { file: place.shown },
    hint: isCutOff
      ? 'its recording was cut off: run again with --cassette record'
      : 'record it first: run with --cassette record',
  })
}

async function openRecording(request: CassetteRequest): Promise<OpenCassette> {
  const { place, redactor } = request
  const header = headerOf(request)
  const entries = await takeOver(request)
  const log = await openLog(place, header)
  const { append } = log
  const cassette = createCassette({ mode: 'record', header, entries, redactor, append })
  return {
    cassette,
    async close() {
      log.close()
      await writeWhole(place, cassette.finish().lines ?? [])
      await rm(recordingPlace(place).file, { force: true })
      return undefined
    },
  }
}

/** What is recorded so far, with what a killed run has left behind. */
async function takeOver(request: CassetteRequest): Promise<readonly CassetteEntry[]> {
  const { place } = request
  const entries = (await readCassette(place, headerOf(request))) ?? []
  const left = await readCassette(recordingPlace(place), headerOf(request), { mayBeTorn: true })
  if (left === undefined) return entries
  const merged = mergeEntries(entries, left)
  const encode = createEntryEncoder()
  if (left.length > 0) {
    await writeWhole(place, [encodeHeader(headerOf(request)), ...merged.map(encode)])
  }
  await rm(recordingPlace(place).file, { force: true })
  return merged
}

interface Log {
  readonly append: (lines: string) => void
  readonly close: () => void
}

/**
 * The file that replies are appended to. It is there from the first of them on, so that a run that is
 * never started leaves none behind; that it can be written is found out at once.
 *
 * Writes are synchronous: what is paid for is on disk before anything else is asked.
 */
async function openLog(place: CassettePlace, header: CassetteHeader): Promise<Log> {
  const { file } = recordingPlace(place)
  await orCannotWrite(place, async () => {
    await mkdir(path.dirname(file), { recursive: true })
    closeSync(openSync(file, 'wx'))
    await rm(file)
  })
  let log: number | undefined
  const write = (to: number, lines: string): void => {
    const bytes = Buffer.from(lines)
    for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
  }
  return {
    append(lines) {
      if (log === undefined) {
        log = openSync(file, 'wx')
        write(log, encodeHeader(header))
      }
      write(log, lines)
    },
    close() {
      if (log !== undefined) closeSync(log)
    },
  }
}

/** A reader finds the old file or the new one, never half of one. */
async function writeWhole(place: CassettePlace, lines: Iterable<string>): Promise<void> {
  const half = `${place.file}.part`
  await orCannotWrite(place, async () => {
    // A link of this name, committed by somebody, would lead the writing elsewhere.
    await rm(half, { force: true })
    await writeFile(half, lines, { flag: 'wx' })
    await rename(half, place.file)
  })
}

async function orCannotWrite<T>({ shown }: CassettePlace, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (cause) {
    throw new AgentEvalError('cannot be written', 'usage', { source: { file: shown }, cause })
  }
}

function recordingPlace({ file, shown }: CassettePlace): CassettePlace {
  const name = (of: string): string => `${of.replace(/\.jsonl$/, '')}.recording.jsonl`
  return { file: name(file), shown: name(shown) }
}

function headerOf({ candidate, evalSet, redactor }: CassetteRequest): CassetteHeader {
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'Cassette',
    evalSet,
    candidate: redactor.text(candidate),
  }
}

async function refuseLinkedFolder({ file, shown }: CassettePlace): Promise<void> {
  const found = await look(path.dirname(file))
  if (found === undefined || found.isDirectory()) return
  throw new AgentEvalError('is not a folder of the eval set', 'input', {
    source: { file: path.dirname(shown) },
    hint: 'cassettes stand in a plain folder, not behind a link',
  })
}
