import type { Io, Output } from './io.ts'

/** The one place that touches the process and the real clock. */
export function nodeIo(): Io {
  return {
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    nowMs: () => performance.now(),
    today: () => new Date().toISOString(),
    setExitCode: (code) => {
      process.exitCode = code
    },
    onInterrupt(listener) {
      const onInt = (): void => {
        listener('SIGINT')
      }
      const onTerm = (): void => {
        listener('SIGTERM')
      }
      process.once('SIGINT', onInt)
      process.once('SIGTERM', onTerm)
      return () => {
        process.off('SIGINT', onInt)
        process.off('SIGTERM', onTerm)
      }
    },
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      timer.unref()
      return () => {
        clearInterval(timer)
      }
    },
  }
}

function output(stream: NodeJS.WriteStream): Output {
  // A closed pipe (`agent-eval report … | head`) is the reader's choice, not a fault.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return {
    isTTY: stream.isTTY,
    columns: stream.columns || 80,
    write: (text) => {
      stream.write(text)
    },
  }
}
