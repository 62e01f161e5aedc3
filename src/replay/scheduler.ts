/**
 * Runs jobs with at most `concurrency` in flight, starting them in order. After an abort no new
 * job starts; those in flight end by themselves. The first fault stops the rest and is thrown.
 */
export async function runAll<T>(
  jobs: Iterable<T>,
  work: (job: T) => Promise<void>,
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
): Promise<void> {
  const queue = jobs[Symbol.iterator]()
  let faulted = false
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      if (signal.aborted || faulted) return
      try {
        await work(next.value)
      } catch (fault) {
        faulted = true
        throw fault
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: concurrency }, worker))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
