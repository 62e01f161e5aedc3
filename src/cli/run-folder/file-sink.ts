import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { JournalSink } from '../../ports.ts'
import { runFiles } from './run-folder.ts'
import type { RunSeal } from './run-seal.ts'

/** Events wait in memory until this many characters have come together, or a trial ends. */
const largePiece = 64 * 1024

/**
 * Appends to a run's files. A trial's line is written after the events of that trial, so that no
 * trial is finished whose events are lost. Writes are synchronous: the system takes a piece of this
 * size into its cache in microseconds, and the order of the two files is plain.
 *
 * @param seal - told what was appended to the trials
 */
export function openFileSink(
  run: string,
  seal?: Pick<RunSeal, 'add'>,
): JournalSink & { readonly close: () => void } {
  const events = openSync(path.join(run, runFiles.events), 'a')
  const trials = openSync(path.join(run, runFiles.trials), 'a')
  let waiting: string[] = []
  let length = 0
  const flush = (): void => {
    if (waiting.length === 0) return
    const piece = waiting.join('')
    waiting = []
    length = 0
    writeAll(events, piece)
  }
  return {
    appendEvents(lines) {
      waiting.push(lines)
      length += lines.length
      if (length >= largePiece) flush()
      else if (waiting.length === 1) setImmediate(flush)
    },
    appendTrial(line) {
      flush()
      writeAll(trials, line)
      seal?.add(line)
    },
    close() {
      flush()
      closeSync(events)
      closeSync(trials)
    },
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}
