import { createReadStream, type Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { AgentEvalError } from '../../errors.ts'
import type { CassetteEntry } from '../../providers/cassette/cassette-entry.ts'
import { createEntryDecoder, type DecodedLine } from '../../providers/cassette/decode-entries.ts'
import type { CassetteHeader } from '../../schema/cassette.ts'
import { isMissing } from '../outside/node-folder.ts'

/** A cassette on disk, and how messages call it. */
export interface CassettePlace {
  readonly file: string
  readonly shown: string
}

/**
 * The recordings in a file.
 *
 * @param expected - whose they must be
 * @param options.mayBeTorn - pass over a last line that was cut off while it was written
 * @returns `undefined` where there is no such file
 * @throws AgentEvalError (input) for a link, a broken line, and recordings of something else
 */
export async function readCassette(
  place: CassettePlace,
  expected: CassetteHeader,
  { mayBeTorn = false } = {},
): Promise<readonly CassetteEntry[] | undefined> {
  if (!(await isPlainFile(place))) return undefined
  const decode = createEntryDecoder()
  const entries: CassetteEntry[] = []
  let torn: AgentEvalError | undefined
  let lines = 0
  for await (const [number, text] of numberedLines(place)) {
    if (torn !== undefined) throw torn
    lines += 1
    const source = { file: place.shown, line: number }
    torn = takeIn(decode(text), { entries, expected, source })
    if (torn !== undefined && !mayBeTorn) throw torn
  }
  if (lines > 0 || mayBeTorn) return entries
  throw badLine('is empty', { file: place.shown, line: 1 })
}

interface Source {
  readonly file: string
  readonly line: number
}

interface Intake {
  readonly entries: CassetteEntry[]
  readonly expected: CassetteHeader
  readonly source: Source
}

/** @returns what is wrong with a line that a kill may have cut off */
function takeIn(
  line: DecodedLine,
  { entries, expected, source }: Intake,
): AgentEvalError | undefined {
  if (!line.ok) {
    const error = badLine(line.problem, source)
    if (line.isJson) throw error
    return error
  }
  if (line.header !== undefined) refuseOther(line.header, expected, source)
  if (line.entry !== undefined) entries.push(line.entry)
  return undefined
}

function refuseOther(header: CassetteHeader, expected: CassetteHeader, source: Source): void {
  for (const [name, word] of [
    ['evalSet', 'eval set'],
    ['candidate', 'candidate'],
  ] as const) {
    if (header[name] === expected[name]) continue
    const message = `is a cassette of ${word} "${header[name]}", not "${expected[name]}"`
    throw new AgentEvalError(message, 'input', {
      source,
      hint: 'delete the file and run with --cassette record',
    })
  }
}

function badLine(problem: string, source: Source): AgentEvalError {
  return new AgentEvalError(problem, 'input', {
    source,
    hint: 'restore the file from git, or delete it and run with --cassette record',
  })
}

/** Lines that hold something, each with its number from 1. */
async function* numberedLines({
  file,
  shown,
}: CassettePlace): AsyncGenerator<readonly [number: number, text: string]> {
  const input = createReadStream(file, 'utf8')
  const failure = new Promise<never>((_, reject) => input.once('error', reject))
  failure.catch(() => undefined)
  let number = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (text !== '') yield [number, text]
  }
  if (input.errored !== null) {
    const cause = input.errored
    throw new AgentEvalError('cannot be read', 'input', { source: { file: shown }, cause })
  }
}

/**
 * Whether there is a file that is no link. Cassettes come with a pull request: their links must not
 * lead our reading or writing elsewhere.
 *
 * @throws AgentEvalError (input) for anything else of that name
 */
export async function isPlainFile({ file, shown }: CassettePlace): Promise<boolean> {
  const found = await look(file)
  if (found === undefined || found.isFile()) return found !== undefined
  throw new AgentEvalError(`is ${found.isDirectory() ? 'a folder' : 'a link'}`, 'input', {
    source: { file: shown },
    hint: 'a cassette is a plain file',
  })
}

/** What stands under a name, links not followed; `undefined` where nothing does. */
export async function look(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
