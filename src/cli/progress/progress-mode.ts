import { isDrivenByAgent } from '../coding-agent.ts'
import type { Io } from '../io.ts'
import { isInCi } from '../print/write-text.ts'

/**
 * How a command tells how far it is. `live`: two lines that are painted over again, for a person at a
 * terminal. `lines`: what is finished, for a log. `failures`: what went wrong, for a coding agent.
 */
export type ProgressMode = 'silent' | 'live' | 'lines' | 'failures'

export function progressMode(
  io: { readonly env: Io['env']; readonly stderr: Pick<Io['stderr'], 'isTTY'> },
  quiet = false,
): ProgressMode {
  if (quiet) return 'silent'
  if (isDrivenByAgent(io.env)) return 'failures'
  const isPainted = io.stderr.isTTY && !isInCi(io) && io.env['TERM'] !== 'dumb'
  return isPainted ? 'live' : 'lines'
}
