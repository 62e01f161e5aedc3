import { CommanderError } from 'commander'
import { AgentEvalError } from '../errors.ts'
import { sanitiseCiLog } from '../text/sanitise-ci-log.ts'
import type { Io } from './io.ts'
import { nodeIo } from './node-io.ts'
import { createProgram } from './program.ts'
import { isInCi } from './write-text.ts'

/**
 * Runs one command line. Sets the exit code and returns; it never exits by itself, so that
 * whatever was written reaches its reader.
 */
export async function main(given?: Io): Promise<void> {
  if (given !== undefined) {
    await runCommand(given)
    return
  }
  const io = nodeIo()
  await runCommand(io)
  io.end()
}

async function runCommand(given: Io): Promise<void> {
  const io = withSafeLog(given)
  try {
    await createProgram(io).parseAsync([...io.argv], { from: 'user' })
  } catch (error) {
    io.setExitCode(await explain(error, io))
  }
}

/** Messages quote files and arguments, and a CI log obeys some lines of what it reads. */
function withSafeLog(io: Io): Io {
  if (!isInCi(io)) return io
  const write = (text: string): void => {
    io.stderr.write(sanitiseCiLog(text))
  }
  return { ...io, stderr: { ...io.stderr, write } }
}

/** Says what went wrong and gives the exit code. */
async function explain(error: unknown, io: Io): Promise<number> {
  // Commander has already printed help, version or its own message with a suggestion.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof AgentEvalError) {
    const { renderError } = await import('./render-error.ts')
    io.stderr.write(renderError(error))
    return error.exitCode
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(`agent-eval: this is a bug in agent-eval; nothing was decided\n${stack}\n`)
  return 4
}
