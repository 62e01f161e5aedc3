import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AgentEvalError } from '../../errors.ts'
import type { ImportedTrial, Importer, ImportSession } from '../../importers/importer.ts'
import { importers } from '../../importers/registry.ts'
import { type Journal, openJournal } from '../../replay/journal.ts'
import { runResultOf } from '../../run-evalset/summarise-run.ts'
import { gateConfig } from '../../schema/gate-config.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { createRedactor } from '../../text/redact.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'
import { isRunFolder } from '../at-base/baseline-source.ts'
import type { Io } from '../io.ts'
import { isMissing } from '../outside/node-folder.ts'
import { chooseReporters, printResult } from '../print/print-result.ts'
import { reportContext } from '../print/report-context.ts'
import { openFileSink } from '../run-folder/file-sink.ts'
import { readRun } from '../run-folder/read-run.ts'
import { readManifest, runFiles, usualOutput, writeDocument } from '../run-folder/run-folder.ts'
import { version } from '../version.ts'

export interface ImportOptions {
  readonly trials?: readonly number[]
  readonly output?: string
  readonly name?: string
  readonly json?: boolean
}

export interface ImportRequest {
  readonly format: string
  readonly file: string
  readonly options: ImportOptions
}

/** Turns a recording into a run of ours: the same four files, so that every command reads it. */
export async function importAction(
  { file, format, options }: ImportRequest,
  io: Io,
): Promise<void> {
  const importer = importerOf(format)
  const output = options.output ?? usualOutput
  const name = options.name ?? runName(format, file, options.trials)
  const shown = path.join(output, name)
  const folder = path.resolve(io.cwd, shown)
  await makeRoom(folder, shown)

  const session = importer.start({ file, ...(options.trials && { trials: options.trials }) })
  const manifest = await writeRun(
    { session, importer, folder, name },
    path.resolve(io.cwd, file),
    io,
  )
  const { summary } = await readRun(folder)
  const result = runResultOf(manifest, summary)
  await writeDocument(path.join(folder, runFiles.result), result)

  const outputOptions = { json: options.json === true }
  await printResult(
    { result, context: reportContext(result, { path: shown }) },
    chooseReporters(outputOptions),
    {
      io,
      options: outputOptions,
    },
  )
  io.stderr.write(terminalBlock(`imported into ${shown}\n`))
}

function importerOf(format: string): Importer {
  const importer = importers.get(format)
  if (importer !== undefined) return importer
  const known = [...importers.keys(), 'llmbar']
  const close = didYouMean(format, known)
  throw new AgentEvalError(`unknown format "${format}"`, 'usage', {
    hint: close === undefined ? `known: ${known.join(', ')}` : `did you mean "${close}"?`,
  })
}

/** `tau-bench-gpt-4o-airline-trials-0-1`: says what it is, and two selections do not collide. */
function runName(format: string, file: string, trials: readonly number[] | undefined): string {
  const base = path.basename(file).replace(/(\.jsonl?)?(\.gz)?$/, '')
  const chosen = trials === undefined ? '' : `-trials-${trials.join('-')}`
  return `${format}-${base}${chosen}`.replaceAll(/[^\w.-]/g, '-')
}

/** An earlier import under the same name is replaced; a run that somebody paid for never is. */
async function makeRoom(folder: string, shown: string): Promise<void> {
  if (await isRunFolder(folder)) {
    const { provenance } = await readManifest(folder)
    if (provenance.agentBehind !== 'recorded') {
      const hint = 'name the import otherwise with --name'
      throw new AgentEvalError(`${shown} is a run of its own`, 'usage', { hint })
    }
    await rm(folder, { recursive: true })
  }
}

interface Writing {
  readonly session: ImportSession
  readonly importer: Importer
  readonly folder: string
  readonly name: string
}

async function writeRun(
  { folder, importer, name, session }: Writing,
  file: string,
  io: Io,
): Promise<RunManifest> {
  const recorded = textsOf(importer, file)
  const first = await recorded.next()
  await mkdir(folder, { recursive: true })
  const sink = openFileSink(folder)
  const journal = openJournal(name, sink, createRedactor({ values: [] }))
  try {
    for (let text = first; text.done !== true; text = await recorded.next()) {
      writeTrials(session.add(text.value), journal)
    }
    const summary = session.end()
    for (const warning of summary.warnings) io.stderr.write(terminalBlock(`note: ${warning}\n`))
    const manifest: RunManifest = {
      apiVersion: 'agent-eval/v1',
      kind: 'RunManifest',
      run: name,
      createdAt: io.today(),
      provenance: { tool: version, ...summary.provenance },
      gate: gateConfig.parse({}),
      severeTier: 3,
      cases: [...summary.cases],
      notSelected: [],
      ...(summary.lint !== undefined && { lint: summary.lint }),
      leftOut: { ...summary.leftOut },
      options: { format: importer.id },
    }
    sink.close()
    await writeDocument(path.join(folder, runFiles.manifest), manifest)
    return manifest
  } catch (error) {
    sink.close()
    await rm(folder, { recursive: true })
    throw error
  }
}

function writeTrials(trials: Iterable<ImportedTrial>, journal: Journal): void {
  for (const { events, trial } of trials) {
    for (const event of events) journal.event(trial, event)
    journal.trial(trial)
  }
}

/** The whole text, or line by line, as the importer wants it. */
async function* textsOf(importer: Importer, file: string): AsyncGenerator<string> {
  try {
    const input = readable(file)
    if (importer.kind === 'document') {
      const pieces: Buffer[] = []
      for await (const piece of input) pieces.push(Buffer.from(piece as Uint8Array))
      yield Buffer.concat(pieces).toString('utf8')
      return
    }
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield line
    }
  } catch (cause) {
    if (cause instanceof AgentEvalError) throw cause
    const why = isMissing(cause) ? 'there is no such file' : 'cannot be read'
    throw new AgentEvalError(why, 'input', { source: { file }, cause })
  }
}

function readable(file: string): Readable {
  const raw = createReadStream(file)
  if (!file.endsWith('.gz')) return raw
  const plain = createGunzip()
  raw.on('error', (error) => plain.destroy(error))
  return raw.pipe(plain)
}
