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
  const faults: unknown[] = []
  const running = { isDone: false }
  const turns = eventLoopTurns()
  const worker = async (): Promise<void> => {
    try {
      while (!running.isDone) {
        const next = signal.aborted ? undefined : queue.next()
        if (next === undefined || next.done === true) running.isDone = true
        else await turns.after(() => work(next.value))
      }
    } catch (fault) {
      running.isDone = true
      faults.push(fault)
    }
  }
  // A worker takes its first job at once, so that there are never more workers than jobs.
  const workers: Promise<void>[] = []
  while (!running.isDone && workers.length < concurrency) workers.push(worker())
  await Promise.all(workers)
  if (faults.length > 0) throw faults[0]
}

interface Turns {
  /** Does a job, and waits until the event loop has turned since it began. */
  readonly after: (job: () => Promise<void>) => Promise<void>
}

/**
 * Counts turns of the event loop while jobs run. A job that never waits for anything real would keep signals, timers
 * and the disk from being served until the very end; whoever has waited need not wait once more.
 */
function eventLoopTurns(): Turns {
  let count = 0
  let awaited: Promise<void> | undefined
  const next = (): Promise<void> =>
    (awaited ??= new Promise((resolve) => {
      setImmediate(() => {
        count += 1
        awaited = undefined
        resolve()
      })
    }))
  return {
    async after(job) {
      const begun = count
      void next()
      await job()
      if (count === begun) await next()
    },
  }
}
