import { listed, plural } from '../../report/format.ts'
import { formatTrialKey, parseTrialKey } from '../../schema/trial-key.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { PreparedRun, Shell } from '../run/prepare-run.ts'

/**
 * Closes the cassette of a run whatever became of it, and tells which recordings nobody asked for: they
 * are of an agent that has changed.
 */
export async function withCassette<T>(
  { cassette, plan }: PreparedRun,
  { io, options }: Shell,
  use: () => Promise<T>,
): Promise<T> {
  const planned = new Set(plan.trials.map(({ key }) => formatTrialKey(key)))
  // Of further attempts nobody knows in advance.
  const isPlanned = (trial: string): boolean => {
    const key = parseTrialKey(trial)
    return key !== undefined && planned.has(formatTrialKey({ ...key, attempt: 1 }))
  }
  let ended = false
  try {
    const result = await use()
    ended = true
    return result
  } finally {
    const unused = await cassette.close(isPlanned)
    if (ended && unused !== undefined && unused.count > 0 && options.quiet !== true) {
      const text = `${plural(unused.count, 'recording')} not asked for: ${listed(unused.names, 3)}`
      io.stderr.write(`${terminalLine(text)}\n`)
    }
  }
}
