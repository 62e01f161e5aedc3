import { createReadStream } from 'node:fs'

/** As much of a line as tells whose it is: a name of a run and a key of a trial. */
const headBytes = 2_048
const newline = 0x0a

/** A whole line of a file, by where it stands and how it begins. */
export interface LinePlace {
  /** Bytes; the end is that of its text, before the line end. */
  readonly start: number
  readonly end: number
  readonly head: string
}

/**
 * Whole lines of a file from a place on, one after the other and none of them in memory. What follows the
 * last line end is still being written.
 */
export async function* lineHeads(file: string, from: number): AsyncGenerator<LinePlace> {
  let start = from
  let at = from
  let head = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { start: from }) as AsyncIterable<Buffer>) {
    let begin = 0
    for (;;) {
      const end = chunk.indexOf(newline, begin)
      const piece = chunk.subarray(begin, end === -1 ? undefined : end)
      head = Buffer.concat([head, piece.subarray(0, Math.max(0, headBytes - head.length))])
      if (end === -1) break
      yield { start, end: at + end, head: head.toString('utf8') }
      head = Buffer.alloc(0)
      begin = end + 1
      start = at + begin
    }
    at += chunk.length
  }
}
