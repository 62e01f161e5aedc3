import { CommanderError } from 'commander'
import { AgentEvalError } from '../errors.ts'
import type { Io } from './io.ts'
import { nodeIo } from './node-io.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command line. Sets the exit code and returns; it never exits by itself, so that
 * whatever was written reaches its reader.
 */
export async function main(io: Io = nodeIo()): Promise<void> {
  try {
    await createProgram(io).parseAsync([...io.argv], { from: 'user' })
  } catch (error) {
    io.setExitCode(await explain(error, io))
  }
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
