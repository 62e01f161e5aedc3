import { CommanderError } from 'commander'
import { AgentEvalError } from '../errors.ts'
import { sanitiseCiLog } from '../text/sanitise-ci-log.ts'
import { terminalBlock } from '../text/sanitise-terminal.ts'
import type { CiNews } from './ci/ci-news.ts'
import type { Io } from './io.ts'
import { nodeIo } from './node-io.ts'
import { isInCi } from './print/write-text.ts'
import { createProgram } from './program.ts'

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
  if (isToldToGithub(given)) {
    await runInGithubJob(io, given.stderr.write)
    return
  }
  await runProgram(io)
}

/** @returns what was thrown; nothing where a command came to its end, whatever its exit code */
async function runProgram(io: Io): Promise<unknown> {
  try {
    await createProgram(io).parseAsync([...io.argv], { from: 'user' })
    return undefined
  } catch (error) {
    io.setExitCode(await explain(error, io))
    return error
  }
}

function isToldToGithub({ argv, env }: Io): boolean {
  return env['GITHUB_ACTIONS'] === 'true' && !argv.includes('--no-github')
}

/** Commands whose exit code is a verdict. */
const deciding: ReadonlySet<string> = new Set(['run', 'compare'])

/** What a command comes to is told when it has ended: only then all of it is known. */
async function runInGithubJob(io: Io, print: (text: string) => void): Promise<void> {
  const news: CiNews[] = []
  let exitCode = 0
  const thrown = await runProgram({
    ...io,
    job: { tell: (one) => void news.push(one) },
    setExitCode: (code) => {
      exitCode = code
      io.setExitCode(code)
    },
  })
  const isHelp = thrown instanceof CommanderError
  const failure = isHelp ? undefined : thrown
  if (news.length === 0 && exitCode === 0) return
  const { tellGithub } = await import('./ci/github-output.ts')
  const decides = deciding.has(io.argv[0] ?? '')
  await tellGithub({ news, exitCode, failure, decides }, io, print)
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
    const { renderError } = await import('./print/render-error.ts')
    io.stderr.write(renderError(error))
    return error.exitCode
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.stderr.write(
    `agent-eval: this is a bug in agent-eval; nothing was decided\n${terminalBlock(stack)}\n`,
  )
  return 4
}
