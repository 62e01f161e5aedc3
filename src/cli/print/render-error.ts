import type { AgentEvalError } from '../../errors.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'

/** An error for a person: where, what, and what would work. */
export function renderError(error: AgentEvalError): string {
  const { file, line, column } = error.source ?? {}
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const lines = [
    `${place === '' ? 'error' : place}: ${error.message}`,
    ...(error.hint === undefined ? [] : [`  ${error.hint}`]),
  ]
  return `${terminalBlock(lines.join('\n'))}\n`
}
