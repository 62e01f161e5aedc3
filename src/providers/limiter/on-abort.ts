/** Who listens to a signal. All trials of a run may share one, and Node warns of more than ten. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls the listener once when the signal aborts, at once where it has; returns how to take it back.
 * A signal outlives the thousands of requests that listen to it, so each must.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => undefined
  }
  const all = listeners.get(signal) ?? listenTo(signal)
  // Two may pass the same function; each is called, and each is taken back by itself.
  const call = (): void => {
    listener()
  }
  all.add(call)
  return () => {
    all.delete(call)
  }
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all = new Set<() => void>()
  listeners.set(signal, all)
  const callAll = (): void => {
    for (const each of [...all]) each()
    all.clear()
  }
  signal.addEventListener('abort', callAll, { once: true })
  return all
}
