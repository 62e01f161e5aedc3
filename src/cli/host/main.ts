import { lineReader } from '../../replay/targets/line-reader.ts'
import { createHost } from './create-host.ts'
import { loadAgent } from './load-agent.ts'
import { blameOf, withTurn } from './turn-context.ts'

/** Our own messages are never cut. */
const maxLine = Number.MAX_SAFE_INTEGER

/**
 * The program that runs the functions of `module` targets: one line of JSON a message on its standard
 * streams. It is started for the user's code, so nothing else of ours may be in it.
 */
export function runHost(): void {
  const end = process.exit.bind(process)
  const host = createHost({ send: takeStdout(), load: loadAgent, withTurn })
  const reader = lineReader({ maxLength: maxLine, onLine: host.take })
  process.stdin.setEncoding('utf8').on('data', reader.write)
  // Nobody is there any more to play for.
  process.stdin.on('end', () => end(0))
  guardProcess(host.fail, end)
}

/** Keeps stdout for the protocol: what the agent prints goes to stderr. */
function takeStdout(): (line: string) => void {
  const { stderr, stdout } = process
  const write = stdout.write.bind(stdout)
  stdout.write = stderr.write.bind(stderr)
  let pending = ''
  return (line) => {
    if (pending === '') {
      setImmediate(() => {
        write(pending)
        pending = ''
      })
    }
    pending += `${line}\n`
  }
}

/** A fault that nobody caught ends the turn that it comes from, and the process where nobody knows. */
function guardProcess(
  fail: (turn: number, error: unknown) => void,
  end: (code: number) => never,
): void {
  const onFault = (error: unknown): void => {
    const turn = blameOf()
    if (turn !== undefined) {
      fail(turn, error)
      return
    }
    process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`)
    end(1)
  }
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
  process.exit = (code) => {
    throw new Error(`the agent called process.exit(${code ?? ''})`)
  }
}
