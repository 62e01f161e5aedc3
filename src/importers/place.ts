import { AgentEvalError } from '../errors.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'

/** Where a record stands in its file. */
export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** In a JSON array, from 0. */
  readonly index?: number
}

/** A fault of the imported file, with its place. */
export function inputError(place: Place, message: string, hint?: string): AgentEvalError {
  const { file, line, index } = place
  const record = index === undefined ? '' : `[${index}]: `
  return new AgentEvalError(`${record}${message}`, 'input', {
    source: { file, line },
    ...(hint !== undefined && { hint }),
  })
}

/** Foreign text inside a message of ours: quoted, on one line, cut to a length that can be read. */
export function quoted(text: string): string {
  return JSON.stringify(terminalLine(text, 60))
}
