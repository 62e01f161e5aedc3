import type { Clock } from '../../ports.ts'
import type { OutsideTask } from '../outside-task.ts'
import type { HostTurn, ModuleHost } from './module-host.ts'

/** So many processes at most; with more trials in flight than that, they share. */
const mostHosts = 8
/** A further process is started only where none became free within this time: a start costs more. */
const patienceMs = 30
/** A process that does not even say that it has stopped a turn is stuck. */
const cancelMs = 1_000

/** A turn to be played, and the signal that its trial is over. */
export interface PooledTurn extends HostTurn {
  readonly over: AbortSignal
  /** No process could be started for it: that is ours, as the first one could. */
  readonly refuse: (message: string) => void
}

/** Processes that run the user's function, as many as it takes. */
export interface HostPool {
  /** Starts the first one. Rejects where the function cannot be loaded. */
  readonly warmUp: () => Promise<void>
  /**
   * Finds a process for a turn; resolves once that process has the task. What follows is told to the
   * turn, until its trial is over.
   */
  readonly play: (task: OutsideTask, turn: PooledTurn) => Promise<void>
}

interface Job {
  readonly task: OutsideTask
  readonly turn: PooledTurn
  readonly onBegun: () => void
}

interface Pool {
  readonly clock: Clock
  readonly start: () => ModuleHost
  readonly hosts: Set<ModuleHost>
  readonly waiting: Set<Job>
  isStarting: boolean
  nextTurn: number
}

export function hostPool(ports: {
  readonly clock: Clock
  readonly start: () => ModuleHost
}): HostPool {
  const pool: Pool = {
    ...ports,
    hosts: new Set(),
    waiting: new Set(),
    isStarting: false,
    nextTurn: 0,
  }
  return {
    warmUp: () => grow(pool),
    play: (task, turn) =>
      new Promise((resolve) => {
        const job: Job = { task, turn, onBegun: resolve }
        const idle = aliveHosts(pool).find((host) => host.turns.size === 0)
        if (idle !== undefined) begin(pool, idle, job)
        else {
          pool.waiting.add(job)
          void waitForHost(pool, job)
        }
      }),
  }
}

function aliveHosts({ hosts }: Pool): readonly ModuleHost[] {
  for (const host of hosts) if (!host.isAlive()) hosts.delete(host)
  return [...hosts]
}

function begin(pool: Pool, host: ModuleHost, { onBegun, task, turn }: Job): void {
  const id = pool.nextTurn
  pool.nextTurn += 1
  const onOver = (): void => {
    void cancel(pool, host, id)
  }
  const whenDone =
    <T extends readonly unknown[]>(tell: (...said: T) => void) =>
    (...said: T): void => {
      turn.over.removeEventListener('abort', onOver)
      tell(...said)
      serveNext(pool, host)
    }
  turn.over.addEventListener('abort', onOver)
  const { call, fail, lose, reply } = turn
  host.begin(id, task, {
    call,
    reply: whenDone(reply),
    fail: whenDone(fail),
    lose: whenDone(lose),
  })
  onBegun()
}

/** Stops a turn whose trial is over; where the process does not answer to that, stops the process. */
async function cancel({ clock }: Pool, host: ModuleHost, id: number): Promise<void> {
  const hears = host.turns.get(id)
  if (hears === undefined) return
  host.cancel(id)
  await clock.sleep(cancelMs, new AbortController().signal)
  if (host.turns.get(id) === hears) host.stop()
}

function serveNext(pool: Pool, host: ModuleHost): void {
  if (!host.isAlive() || host.turns.size > 0) return
  for (const job of pool.waiting) {
    pool.waiting.delete(job)
    if (!job.turn.over.aborted) {
      begin(pool, host, job)
      return
    }
    job.onBegun()
  }
}

async function waitForHost(pool: Pool, job: Job): Promise<void> {
  while (pool.waiting.has(job)) {
    await pool.clock.sleep(patienceMs, job.turn.over)
    if (!pool.waiting.has(job)) return
    if (job.turn.over.aborted) {
      pool.waiting.delete(job)
      job.onBegun()
    } else await findMore(pool, job)
  }
}

async function findMore(pool: Pool, job: Job): Promise<void> {
  const hosts = aliveHosts(pool)
  if (hosts.length >= mostHosts) {
    const [calmest] = hosts.toSorted((a, b) => a.turns.size - b.turns.size)
    if (calmest === undefined) return
    pool.waiting.delete(job)
    begin(pool, calmest, job)
  } else if (!pool.isStarting) {
    await grow(pool).catch((error: unknown) => {
      if (!pool.waiting.delete(job)) return
      job.onBegun()
      job.turn.refuse(error instanceof Error ? error.message : String(error))
    })
  }
}

async function grow(pool: Pool): Promise<void> {
  pool.isStarting = true
  try {
    const host = pool.start()
    await host.loaded
    pool.hosts.add(host)
    serveNext(pool, host)
  } finally {
    pool.isStarting = false
  }
}
