import { createReadStream, type Stats } from 'node:fs'
import {
  appendFile,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { AgentEvalError, type SourcePosition } from '../../errors.ts'
import { trialContradictions } from '../../graders/contradictions.ts'
import type { JsonValue } from '../../schema/json.ts'
import { type RunManifest, runManifest } from '../../schema/run-manifest.ts'
import { type RunResult, runResult } from '../../schema/run-result.ts'
import { type TrialLine, trialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { isMissing } from '../outside/node-folder.ts'
import { splitLines } from './split-lines.ts'

/** Where runs are written unless somebody says otherwise. */
export const usualOutput = 'agent-eval-results'

/** The four files of a run. No leading dot: artifact uploads skip hidden files. */
export const runFiles = {
  manifest: 'run.json',
  events: 'events.jsonl',
  trials: 'trials.jsonl',
  result: 'result.json',
} as const

/** Writes a document whole: a reader finds the old one or the new one, never half of one. */
export async function writeDocument(file: string, document: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const half = `${file}.part`
  // A link of this name, committed by somebody, would lead the writing elsewhere.
  await rm(half, { force: true })
  await writeFile(half, prettyCanonicalJson(document as JsonValue), { flag: 'wx' })
  await rename(half, file)
}

/**
 * Reads and checks a document.
 *
 * @throws AgentEvalError (input) when it is missing, no JSON, or not of this form
 */
export async function readDocument<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(file)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new AgentEvalError('is not JSON', 'input', { source: { file }, cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  throw new AgentEvalError(`${where}: ${issue?.message ?? 'not of the expected form'}`, 'input', {
    source: { file },
    hint: 'was it written by another version of agent-eval?',
  })
}

/** @throws AgentEvalError (input) when the file cannot be read */
export async function readText(file: string, shown = file, hint?: string): Promise<string> {
  try {
    await requireFile(file)
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof AgentEvalError) throw cause
    const why = isMissing(cause) ? 'there is no such file' : 'cannot be read'
    throw new AgentEvalError(why, 'input', {
      source: { file: shown },
      cause,
      ...(hint !== undefined && { hint }),
    })
  }
}

/**
 * Refuses what is no plain file. Nothing may ever come out of a pipe, and whoever waits for it says nothing.
 *
 * @throws AgentEvalError (input)
 */
async function requireFile(file: string): Promise<void> {
  const found = await stat(file)
  if (found.isFile()) return
  const { hint, what } = otherThanFile(found)
  throw new AgentEvalError(what, 'input', { source: { file }, hint })
}

function otherThanFile(found: Stats): { readonly what: string; readonly hint: string } {
  if (found.isDirectory()) return { what: 'is a folder', hint: 'name a file' }
  if (found.isFIFO()) return { what: 'is a pipe', hint: 'write what comes through it into a file' }
  return { what: 'is no file', hint: 'copy what it gives into a file' }
}

export async function readManifest(run: string): Promise<RunManifest> {
  return readDocument(path.join(run, runFiles.manifest), runManifest)
}

export async function readResult(run: string): Promise<RunResult> {
  return readDocument(path.join(run, runFiles.result), runResult)
}

/** How a file of lines ends: where the whole lines stop, and whether something torn follows. */
export interface Tail {
  readonly wholeBytes: number
  readonly torn: boolean
}

/** Who else hears what is read. */
export interface TrialReader {
  readonly onEnd?: (tail: Tail) => void
  /** Every line as it stands there, before it is looked at. */
  readonly onText?: (line: string) => void
}

/**
 * The finished trials of a run, one at a time, in the order in which they finished.
 *
 * A torn last line is what a killed run leaves behind: it is passed over and told to `onEnd`.
 * A broken line anywhere else is an error.
 *
 * @throws AgentEvalError (input) for a broken line
 * @throws AgentEvalError (evidence) for one that contradicts itself, also where it is the last
 */
export async function* readTrials(
  run: string,
  { onEnd, onText }: TrialReader = {},
): AsyncGenerator<TrialLine> {
  const file = path.join(run, runFiles.trials)
  let torn: { readonly line: number; readonly cause: unknown } | undefined
  let wholeBytes = 0
  let number = 0
  for await (const line of linesOf(file)) {
    number += 1
    onText?.(line)
    if (torn !== undefined) throw brokenLine(file, torn)
    const trial = trialOf(line)
    if ('cause' in trial) {
      torn = { line: number, cause: trial.cause }
      continue
    }
    requireConsistent(trial, { file, line: number })
    yield trial
    wholeBytes += Buffer.byteLength(line) + 1
  }
  onEnd?.({ wholeBytes, torn: torn !== undefined })
}

function trialOf(line: string): TrialLine | { readonly cause: unknown } {
  try {
    return trialLine.parse(JSON.parse(line))
  } catch (cause) {
    return { cause }
  }
}

/** Somebody may have edited a fail into a pass. */
function requireConsistent(trial: TrialLine, source: SourcePosition): void {
  const [first] = trialContradictions(trial)
  if (first === undefined) return
  throw new AgentEvalError(
    `trial ${formatTrialKey(trial)} contradicts itself: ${first}`,
    'evidence',
    { source, hint: 'the file was edited, or written by something else; run again' },
  )
}

/** Makes the next line that is appended start on its own, whatever a kill left behind. */
export async function mendTail(run: string, { wholeBytes, torn }: Tail): Promise<void> {
  if (torn) await truncate(path.join(run, runFiles.trials), wholeBytes)
  for (const name of [runFiles.trials, runFiles.events]) {
    const file = path.join(run, name)
    if (await endsInsideLine(file)) await appendFile(file, '\n')
  }
}

async function endsInsideLine(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r')
    try {
      const { size } = await handle.stat()
      if (size === 0) return false
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
      return buffer[0] !== 0x0a
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/**
 * Lines of a file that may not exist yet; none then.
 *
 * @throws AgentEvalError (input) for a line that is longer than any of ours
 */
export async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    await requireFile(file)
    for await (const line of splitLines(createReadStream(file, 'utf8'), file)) {
      if (line !== '') yield line
    }
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

function brokenLine(
  file: string,
  { line, cause }: { readonly line: number; readonly cause: unknown },
): AgentEvalError {
  return new AgentEvalError('is not a trial line', 'input', { source: { file, line }, cause })
}
