import { AgentEvalError } from '../errors.ts'
import type { CassetteMiss } from '../providers/cassette/miss.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { RunMeans } from './run-means.ts'

type Surroundings = Pick<RunMeans, 'cassette' | 'limiter' | 'redactor'>

/** How a request is refused that no budget could stop; no service's words begin like this. */
export const noPrice = 'no price is known'

/** Lines of a difference that are shown; the trace has the rest. */
const maxDiff = 30

/** Whether the run's money ran out in the middle of a trial: it says nothing then, and can be repeated. */
export function ranOutOfMoney(events: readonly TraceEvent[]): boolean {
  return events.some((event) => event.type === 'model.error' && event.class === 'budget')
}

/**
 * Ends a run that cannot go on: a service is down, a replay was asked for what nobody recorded, or a
 * budget is to hold that nobody can count. All further trials would fail by the same.
 *
 * @throws AgentEvalError (evidence) saying in one line what is wrong, and what to do
 */
export function requireSurroundings(
  events: readonly TraceEvent[],
  { cassette, limiter, redactor }: Surroundings,
  resumeWith?: string,
): void {
  const [miss] = cassette.misses().first
  if (miss !== undefined) throw missError(miss)
  const errors = events.filter((event) => event.type === 'model.error')
  const unpriced = errors.find(({ message }) => message.startsWith(noPrice))
  if (unpriced !== undefined) throw new AgentEvalError(redactor.text(unpriced.message), 'evidence')
  const [outage] = errors.length > 0 ? limiter.outages() : []
  if (outage === undefined) return
  // A service knows its own key to leave it out, and no other secret of this process.
  throw new AgentEvalError(redactor.text(outage.message), 'evidence', {
    ...(resumeWith !== undefined && {
      hint: `finished trials are kept; once it works, go on with: ${resumeWith}`,
    }),
  })
}

function missError({ diff, nearest, subject }: CassetteMiss): AgentEvalError {
  const from = nearest === undefined ? [] : [`the nearest recording is ${nearest}:`]
  const more = diff.length > maxDiff ? [`  and ${diff.length - maxDiff} more lines`] : []
  const lines = [`no recording of ${subject}`, ...from, ...diff.slice(0, maxDiff), ...more]
  return new AgentEvalError(lines.join('\n'), 'evidence', {
    hint: 'what is asked has changed since: record it anew with --cassette record',
  })
}
