import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runAll } from '../../src/replay/scheduler.ts'

const never = new AbortController().signal
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Jobs that take so many turns of the event loop; what happened, in order. */
async function observe(
  turns: readonly number[],
  concurrency: number,
): Promise<{ readonly started: readonly number[]; readonly ended: number; readonly most: number }> {
  const started: number[] = []
  let inFlight = 0
  let most = 0
  let ended = 0
  await runAll(
    turns.entries(),
    async ([job, wait]) => {
      started.push(job)
      inFlight += 1
      most = Math.max(most, inFlight)
      for (let i = 0; i < wait; i++) await turn()
      inFlight -= 1
      ended += 1
    },
    { concurrency, signal: never },
  )
  return { started, ended, most }
}

describe('runAll', () => {
  it('starts in order, at most so many at once, and ends when all have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (turns, concurrency) => {
          const { ended, most, started } = await observe(turns, concurrency)
          expect(started).toEqual(turns.map((_, job) => job))
          expect(ended).toBe(turns.length)
          expect(most).toBeLessThanOrEqual(concurrency)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('uses what it may', async () => {
    expect((await observe([3, 3, 3, 3, 3, 3], 4)).most).toBe(4)
  })

  it('makes no more workers than there are jobs', async () => {
    expect((await observe([1, 1], 1e12)).ended).toBe(2)
  })

  it('takes jobs only when it can start them', async () => {
    let taken = 0
    function* jobs(): Generator<number> {
      for (; taken < 1000; ) yield ++taken
    }
    const work = async (job: number): Promise<void> => {
      await turn()
      if (job === 5) throw new Error('stop')
    }
    await expect(runAll(jobs(), work, { concurrency: 2, signal: never })).rejects.toThrow('stop')
    expect(taken).toBeLessThan(9)
  })

  it('starts nothing after an abort; what runs ends by itself', async () => {
    const control = new AbortController()
    const log: string[] = []
    await runAll(
      [1, 2, 3, 4],
      async (job) => {
        log.push(`start ${job}`)
        await turn()
        if (job === 1) control.abort()
        await turn()
        log.push(`end ${job}`)
      },
      { concurrency: 2, signal: control.signal },
    )
    expect(log).toEqual(['start 1', 'start 2', 'end 1', 'end 2'])
    await runAll([1], () => expect.unreachable(), { concurrency: 1, signal: control.signal })
  })

  it('throws the first fault in time, when those in flight have ended', async () => {
    const log: string[] = []
    const work = async (job: number): Promise<void> => {
      for (let i = job; i < 4; i++) await turn()
      log.push(`end ${job}`)
      throw new Error(`fault ${job}`)
    }
    await expect(runAll([1, 2, 3, 4, 5], work, { concurrency: 3, signal: never })).rejects.toThrow(
      'fault 3',
    )
    expect(log).toEqual(['end 3', 'end 2', 'end 1'])
  })

  it('throws a fault of the list of jobs itself', async () => {
    function* jobs(): Generator<number> {
      yield 1
      throw new Error('no such job')
    }
    await expect(runAll(jobs(), turn, { concurrency: 2, signal: never })).rejects.toThrow(
      'no such job',
    )
  })

  it('lets others have a turn between jobs that wait for nothing', async () => {
    const control = new AbortController()
    let done = 0
    setImmediate(() => {
      control.abort()
    })
    await runAll(
      Array.from({ length: 1000 }, (_, index) => index),
      async () => {
        done += 1
      },
      { concurrency: 1, signal: control.signal },
    )
    expect(done).toBeLessThan(10)
  })
})
