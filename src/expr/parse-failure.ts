/** Why a text is no expression, and where in it. */
export interface ParseFailure {
  readonly ok: false
  readonly error: string
  /** UTF-16 code units from the start of the expression; absent where no place is to blame. */
  readonly offset?: number
}

/** Reads the parser's exception, whose type the library does not export. */
export function parseFailure(thrown: unknown): ParseFailure {
  if (thrown instanceof RangeError) return { ok: false, error: 'the expression nests too deeply' }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const error = message
    .replace(/^<input>:\d+:\d+: /, '')
    // Wherever any operand could stand, the parser lists all eleven beginnings of one.
    .replace(/ but expecting '!', .*$/s, ' but expecting an expression')
  const offset = offsetOf(thrown)
  return { ok: false, error, ...(offset !== undefined && { offset }) }
}

function offsetOf(thrown: unknown): number | undefined {
  const { location } = thrown as { location?: { start?: { offset?: unknown } } }
  const offset = location?.start?.offset
  return typeof offset === 'number' ? offset : undefined
}
