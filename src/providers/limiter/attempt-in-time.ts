import type { Clock } from '../../ports.ts'
import type { AttemptReply, ModelRequest, Service } from '../provider.ts'
import { onAbort } from './on-abort.ts'

interface AttemptTerms {
  readonly service: Service
  readonly timeoutMs: number
  readonly clock: Clock
}

/** A reason of our own: the error that Node would make, stack and all, costs more than the rest. */
const over = 'over'

/**
 * One attempt, which ends in time even where the service does not heed the signal.
 *
 * @returns `undefined` when whoever asked gave up
 */
export async function attemptInTime(
  request: ModelRequest,
  { clock, service, timeoutMs }: AttemptTerms,
  signal: AbortSignal,
): Promise<AttemptReply | undefined> {
  const stop = new AbortController()
  const ended = new AbortController()
  const startedMs = clock.nowMs()
  let release = (): void => undefined
  const givenUp = new Promise<undefined>((resolve) => {
    release = onAbort(signal, () => {
      resolve(undefined)
    })
  })
  const late = clock.sleep(timeoutMs, ended.signal).then(() => 'late' as const)
  try {
    const first = await Promise.race([givenUp, service.attempt(request, stop.signal), late])
    if (first === undefined || first === 'late') stop.abort()
    return first === 'late' ? tooLate(timeoutMs, clock.nowMs() - startedMs) : first
  } finally {
    ended.abort(over)
    release()
  }
}

function tooLate(timeoutMs: number, latencyMs: number): AttemptReply {
  const message = `no answer within ${timeoutMs / 1000} s`
  return { ok: false, error: { class: 'timeout', message }, hints: {}, latencyMs }
}
