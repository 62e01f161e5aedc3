import { AgentEvalError } from '../../errors.ts'
import { isDrivenByAgent } from '../coding-agent.ts'
import type { Io } from '../io.ts'
import { chooseReporters } from '../print/print-result.ts'
import { isInCi } from '../print/write-text.ts'
import type { RunOptions } from '../run/run-options.ts'
import { nodeWatching } from '../watch/node-watching.ts'
import { watchLoop } from '../watch/watch-loop.ts'
import { openNews } from '../watch/watch-news.ts'
import { watchPlaces } from '../watch/watch-places.ts'

/**
 * Runs, and runs again whenever a file changes that the run is made of. Exits by the last run.
 *
 * @throws AgentEvalError (usage) where nobody is there to end it, and for what makes sense only once
 */
export async function watchAction(
  named: readonly string[],
  options: RunOptions,
  io: Io,
): Promise<void> {
  refuseUnwatchable(options, io)
  chooseReporters(options)
  const abort = new AbortController()
  const news = openNews(io)
  const places = watchPlaces(nodeWatching, news.changed)
  const received: string[] = []
  const stopListening = io.onInterrupt((signal) => {
    received.push(signal)
    abort.abort()
    news.tell('end')
  })
  try {
    const watch = { options, io, signal: abort.signal, spentUsd: 0, isAgreed: false, toldMoney: '' }
    const code = await watchLoop({ named, watch, news, places })
    io.setExitCode(received.includes('SIGTERM') ? 143 : code)
  } finally {
    stopListening()
    places.close()
    news.close()
  }
}

/** What of a command line contradicts running again and again, and why. */
const once: Readonly<Partial<Record<keyof RunOptions, string>>> = {
  dryRun: '--dry-run runs nothing',
  json: '--json prints one document',
  resume: '--resume finishes a run of files as they were',
}

function refuseUnwatchable(options: RunOptions, { env }: Io): void {
  const reasons = Object.entries(once)
  const found = reasons.find(([name]) => ![undefined, false].includes(options[name as 'json']))
  if (found !== undefined) {
    throw new AgentEvalError(`--watch runs again and again, and ${found[1]}`, 'usage', {
      hint: 'leave out one of them',
    })
  }
  if (!isInCi({ env }) && !isDrivenByAgent(env)) return
  throw new AgentEvalError('--watch waits for somebody to end it, and here nobody does', 'usage', {
    hint: 'run without --watch in CI and from a coding agent',
  })
}
