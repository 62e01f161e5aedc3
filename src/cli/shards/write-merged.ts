import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { linesOf, runFiles, writeDocument } from '../run-folder/run-folder.ts'
import type { ShardOnDisk } from './find-shards.ts'

/** Lines are written together until they are this many characters. */
const largePiece = 64 * 1024

/**
 * Writes shards as one run: its manifest, and the lines of all of them, one shard after the other. Nothing of
 * it is held in memory. What stands in the folder is replaced: the same shards always make the same run.
 */
export async function writeMerged(
  folder: string,
  manifest: RunManifest,
  shards: readonly ShardOnDisk[],
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await rm(path.join(folder, runFiles.result), { force: true })
  await writeDocument(path.join(folder, runFiles.manifest), manifest)
  await writeLines(path.join(folder, runFiles.events), eventsOf(shards, manifest.run))
  await writeLines(path.join(folder, runFiles.trials), trialsOf(shards))
}

async function* trialsOf(shards: readonly ShardOnDisk[]): AsyncGenerator<string> {
  for (const { folder, lines } of shards) {
    let left = lines
    for await (const line of linesOf(path.join(folder, runFiles.trials))) {
      if (left > 0) yield line
      left -= 1
    }
  }
}

/** Events under the name of the run that they are in now; a line of anything else is left out. */
async function* eventsOf(shards: readonly ShardOnDisk[], run: string): AsyncGenerator<string> {
  const now = beginningOf(run)
  for (const { folder, manifest } of shards) {
    const before = beginningOf(manifest.run)
    for await (const line of linesOf(path.join(folder, runFiles.events))) {
      if (line.startsWith(before)) yield `${now}${line.slice(before.length)}`
    }
  }
}

/** As the journal writes it. */
function beginningOf(run: string): string {
  return `${JSON.stringify({ run }).slice(0, -1)},`
}

/** Whole or not at all, as documents are. */
async function writeLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  const half = `${file}.part`
  // A link of this name, left there by somebody, would lead the writing elsewhere.
  await rm(half, { force: true })
  await pipeline(Readable.from(pieces(lines)), createWriteStream(half, { flags: 'wx' }))
  await rename(half, file)
}

async function* pieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let waiting: string[] = []
  let length = 0
  for await (const line of lines) {
    waiting.push(line, '\n')
    length += line.length
    if (length < largePiece) continue
    yield waiting.join('')
    waiting = []
    length = 0
  }
  if (waiting.length > 0) yield waiting.join('')
}
