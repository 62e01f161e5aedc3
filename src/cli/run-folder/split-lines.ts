import { AgentEvalError } from '../../errors.ts'

/** In UTF-16 code units; a trial with the longest conversation there can be has a fraction of it. */
const maxLine = 64_000_000

/**
 * Cuts text that comes in pieces into lines, without their ends. What is between two line feeds is one
 * line, as JSON Lines says; a last line needs no end.
 *
 * @param file - where it stands, for the error
 * @param max - longest line, so that no text grows beyond what a string can hold
 * @throws AgentEvalError (input) for a longer line
 */
export async function* splitLines(
  pieces: AsyncIterable<string>,
  file: string,
  max = maxLine,
): AsyncGenerator<string> {
  let open: string[] = []
  let length = 0
  for await (const piece of pieces) {
    const [first = '', ...rest] = piece.split('\n')
    open.push(first)
    length += first.length
    requireShort(length, file, max)
    for (const next of rest) {
      yield withoutReturn(open.join(''))
      open = [next]
      length = next.length
    }
  }
  if (length > 0) yield withoutReturn(open.join(''))
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function requireShort(length: number, file: string, max: number): void {
  if (length <= max) return
  throw new AgentEvalError(`has a line that is longer than ${max / 1_000_000} MB`, 'input', {
    source: { file },
  })
}
