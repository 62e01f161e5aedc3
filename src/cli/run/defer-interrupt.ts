import type { Io } from '../io.ts'

/** How something ended that was to be finished whatever signal arrived meanwhile. */
export type Deferred<T> =
  | { readonly signal: NodeJS.Signals }
  | { readonly signal: undefined; readonly value: T }

/**
 * Does something that must be cleaned up after: a signal waits until that is done. What failed because
 * of the signal is no fault.
 */
export async function deferInterrupt<T>(io: Io, work: () => Promise<T>): Promise<Deferred<T>> {
  const received: NodeJS.Signals[] = []
  const stopListening = io.onInterrupt((signal) => received.push(signal))
  try {
    const value = await work()
    const [signal] = received
    return signal === undefined ? { signal, value } : { signal }
  } catch (error) {
    const [signal] = received
    if (signal !== undefined) return { signal }
    throw error
  } finally {
    stopListening()
  }
}
