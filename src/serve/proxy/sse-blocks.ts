import type { JsonObject } from '../../schema/json.ts'
import { parseObject } from './read-json.ts'

/** One event of a stream: its text with the empty line that ends it, and its data. */
export interface SseBlock {
  readonly raw: string
  /** Absent for comments, for `[DONE]` and for what is no JSON object. */
  readonly data?: JsonObject
}

/** Cuts server-sent events out of text that comes in any pieces. */
export interface SseReader {
  readonly push: (text: string) => readonly SseBlock[]
  /** What came after the last empty line. */
  readonly rest: () => SseBlock
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
const blockEnd = /\r\n\r\n|\n\n|\r\r/g

export function startSse(): SseReader {
  let kept = ''
  return {
    push(text) {
      // The end may have begun in the text before; nothing earlier needs a second look.
      blockEnd.lastIndex = Math.max(0, kept.length - 3)
      kept += text
      const blocks: SseBlock[] = []
      let from = 0
      for (let end = blockEnd.exec(kept); end !== null; end = blockEnd.exec(kept)) {
        blocks.push(blockOf(kept.slice(from, blockEnd.lastIndex)))
        from = blockEnd.lastIndex
      }
      kept = kept.slice(from)
      return blocks
    },
    rest: () => blockOf(kept),
  }
}

function blockOf(raw: string): SseBlock {
  const lines = raw.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
  const data = parseObject(lines.map((line) => line.slice(5).trimStart()).join('\n'))
  return { raw, ...(data !== undefined && { data }) }
}
