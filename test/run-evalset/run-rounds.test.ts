import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPurse } from '../../src/money/purse.ts'
import {
  type EarlyStop,
  type RoundPorts,
  runRounds,
  type TrialPurse,
} from '../../src/run-evalset/run-rounds.ts'
import { formatTrialKey } from '../../src/schema/trial-key.ts'
import type { PlannedTrial } from '../../src/suites/plan-trials.ts'

/** Trials of cases `a`, `b`, … in rounds. */
function aPlan(cases: number, rounds: number): readonly PlannedTrial[] {
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: cases }, (__, index) => ({
      key: {
        case: String.fromCharCode(97 + index),
        trial: round + 1,
        attempt: 1,
        mode: 'enforce' as const,
      },
      seed: 0,
    })),
  ).flat()
}

interface Observed {
  readonly stopped: EarlyStop | undefined
  readonly log: readonly string[]
}

/** What happened, in order: trials as they ended, looks as they were asked for. */
async function observe(
  trials: readonly PlannedTrial[],
  ports: Partial<Omit<RoundPorts, 'looks'>> & {
    readonly first?: number
    readonly endAfter?: number
    readonly onEnd?: (ended: number) => void
    /** Trials whose money runs out half-way. */
    readonly unpaid?: readonly string[]
  } = {},
): Promise<Observed> {
  const log: string[] = []
  const { endAfter, first, onEnd, unpaid = [], ...rest } = ports
  const goesOn = (rounds: number): Promise<boolean> => {
    log.push(`look ${rounds}`)
    return Promise.resolve(rounds !== endAfter)
  }
  const work = async ({ key }: PlannedTrial): Promise<boolean> => {
    // Later cases end first, so that a missing barrier shows.
    for (let turn = 0; turn < 102 - key.case.charCodeAt(0); turn++) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    log.push(formatTrialKey(key))
    onEnd?.(log.length)
    return !unpaid.includes(formatTrialKey(key))
  }
  const stopped = await runRounds(trials, work, {
    signal: new AbortController().signal,
    concurrency: 4,
    isFinished: () => false,
    ...(first !== undefined && { looks: { first, goesOn } }),
    ...rest,
  })
  return { stopped, log }
}

const looksOf = ({ log }: Observed): readonly string[] =>
  log.filter((one) => one.startsWith('look'))

describe('runRounds', () => {
  it('runs all trials without a look and without a barrier where nobody looks', async () => {
    const { log, stopped } = await observe(aPlan(2, 2))
    expect(stopped).toBeUndefined()
    // All four are in flight at once.
    expect(log).toEqual(['b#1', 'b#2', 'a#1', 'a#2'])
  })

  it('looks when all trials of the rounds before have ended, and not after the last round', async () => {
    expect(await observe(aPlan(2, 3), { first: 1 })).toEqual({
      stopped: undefined,
      log: ['b#1', 'a#1', 'look 1', 'b#2', 'a#2', 'look 2', 'b#3', 'a#3'],
    })
  })

  it('looks when both halves of a round have ended, and leaves none of them out', async () => {
    const both = aPlan(1, 2).flatMap((trial): readonly PlannedTrial[] => [
      trial,
      { ...trial, key: { ...trial.key, mode: 'observe' } },
    ])
    const { log, stopped } = await observe(both, { first: 1, endAfter: 1 })
    expect(stopped).toEqual({ why: 'decided', rounds: 1 })
    expect(log).toEqual(['a#1', 'a#1@observe', 'look 1'])
    // Killed between the halves: the look that came of neither is still to come.
    const isFinished = (trial: string): boolean => trial === 'a#1'
    const resumed = await observe(both, { first: 1, endAfter: 1, isFinished })
    expect(resumed.log).toEqual(['a#1@observe', 'look 1'])
  })

  it('runs the rounds before the first look as one', async () => {
    expect(await observe(aPlan(2, 3), { first: 2 })).toEqual({
      stopped: undefined,
      log: ['b#1', 'b#2', 'a#1', 'a#2', 'look 2', 'b#3', 'a#3'],
    })
  })

  it('ends when a look says so', async () => {
    expect(await observe(aPlan(2, 5), { first: 1, endAfter: 2 })).toEqual({
      stopped: { why: 'decided', rounds: 2 },
      log: ['b#1', 'a#1', 'look 1', 'b#2', 'a#2', 'look 2'],
    })
  })

  it('does not look again where a later trial shows how that look ended', async () => {
    const done = new Set(['a#1', 'b#1', 'a#2', 'b#2', 'b#3'])
    const isFinished = (trial: string): boolean => done.has(trial)
    expect(await observe(aPlan(2, 5), { first: 1, endAfter: 4, isFinished })).toEqual({
      stopped: { why: 'decided', rounds: 4 },
      log: ['a#3', 'look 3', 'b#4', 'a#4', 'look 4'],
    })
  })

  it('looks again where it was killed before anything came of a look', async () => {
    const done = new Set(['a#1', 'b#1', 'a#2', 'b#2'])
    const isFinished = (trial: string): boolean => done.has(trial)
    expect(await observe(aPlan(2, 5), { first: 1, endAfter: 2, isFinished })).toEqual({
      stopped: { why: 'decided', rounds: 2 },
      log: ['look 2'],
    })
  })

  it('starts no trial when time is up; what runs is finished and whole rounds are told', async () => {
    let ended = 0
    const ports = { concurrency: 2, onEnd: () => (ended += 1), isTimeUp: () => ended >= 4 }
    const { log, stopped } = await observe(aPlan(3, 4), ports)
    expect(stopped).toEqual({ why: 'time', rounds: 1 })
    expect(new Set(log)).toEqual(new Set(['a#1', 'b#1', 'c#1', 'a#2', 'b#2']))
    expect(log).toHaveLength(5)
  })

  it('reports no round at all where there was no time for one', async () => {
    expect(await observe(aPlan(2, 2), { isTimeUp: () => true })).toEqual({
      stopped: { why: 'time', rounds: 0 },
      log: [],
    })
  })

  it('is whole where time was up after its last trial had begun', async () => {
    let started = 0
    const isTimeUp = (): boolean => ++started > 4
    expect((await observe(aPlan(2, 2), { isTimeUp })).stopped).toBeUndefined()
  })

  it('looks before it says that time is up', async () => {
    let ended = 0
    const clock = { onEnd: () => (ended += 1), isTimeUp: () => ended >= 2 }
    const decided = await observe(aPlan(2, 3), { first: 1, endAfter: 1, ...clock })
    expect(decided.stopped).toEqual({ why: 'decided', rounds: 1 })
    ended = 0
    const open = await observe(aPlan(2, 3), { first: 1, ...clock })
    expect(open).toEqual({
      stopped: { why: 'time', rounds: 1 },
      log: ['b#1', 'a#1', 'look 1'],
    })
  })

  it('says nothing of why it ended after an abort, and does not look', async () => {
    const control = new AbortController()
    const onEnd = (): void => {
      control.abort()
    }
    const { log, stopped } = await observe(aPlan(2, 3), {
      first: 1,
      signal: control.signal,
      onEnd,
    })
    expect(stopped).toBeUndefined()
    expect(log).toEqual(['b#1', 'a#1'])
  })

  it('ends alike, with the same trials, however often it is killed and resumed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          cases: fc.integer({ min: 1, max: 3 }),
          rounds: fc.integer({ min: 1, max: 5 }),
          first: fc.integer({ min: 1, max: 5 }),
          endAfter: fc.integer({ min: 1, max: 6 }),
          kills: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
        }),
        async ({ cases, endAfter, first, kills, rounds }) => {
          const plan = aPlan(cases, rounds)
          const whole = await observe(plan, { first, endAfter })
          const done = new Set<string>()
          const looks: string[] = []
          const isFinished = (trial: string): boolean => done.has(trial)
          const attempt = async (kill?: number): Promise<EarlyStop | undefined> => {
            const control = new AbortController()
            const observed = await observe(plan, {
              first,
              endAfter,
              isFinished,
              signal: control.signal,
              onEnd: (ended) => {
                if (ended === kill) control.abort()
              },
            })
            for (const one of observed.log) if (!one.startsWith('look')) done.add(one)
            looks.push(...looksOf(observed))
            return observed.stopped
          }
          for (const kill of kills) await attempt(kill)
          expect(await attempt()).toEqual(whole.stopped)
          const trials = whole.log.filter((one) => !one.startsWith('look'))
          expect([...done].sort()).toEqual([...trials].sort())
          expect(new Set(looks)).toEqual(new Set(looksOf(whole)))
        },
      ),
      { numRuns: 60 },
    )
  })

  describe('with a budget', () => {
    /** Money for so many trials. */
    function aPurse(trials: number): TrialPurse & { readonly left: string[] } {
      const left: string[] = []
      let entered = 0
      return {
        left,
        enter: () => Promise.resolve(++entered <= trials),
        leave: ({ key }) => left.push(formatTrialKey(key)),
      }
    }

    it('starts no trial that there is no money for, and tells the rounds that are whole', async () => {
      const purse = aPurse(5)
      const { log, stopped } = await observe(aPlan(2, 4), { concurrency: 1, purse })
      expect(stopped).toEqual({ why: 'budget', rounds: 2 })
      expect(log).toEqual(['a#1', 'b#1', 'a#2', 'b#2', 'a#3'])
      expect(purse.left).toEqual(log)
    })

    it('ends after a trial whose money ran out half-way, whose round is not whole', async () => {
      const purse = aPurse(100)
      const { stopped } = await observe(aPlan(2, 4), { concurrency: 1, purse, unpaid: ['b#1'] })
      expect(stopped).toEqual({ why: 'budget', rounds: 0 })
    })

    it('gives the place of a trial back that fails as a fault', async () => {
      const purse = aPurse(100)
      const work = (): Promise<boolean> => Promise.reject(new Error('a bug'))
      const ports = { signal: new AbortController().signal, isFinished: () => false, purse }
      await expect(runRounds(aPlan(1, 1), work, { ...ports, concurrency: 1 })).rejects.toThrow(
        'a bug',
      )
      expect(purse.left).toEqual(['a#1'])
    })

    it('starts no trial that waited for its turn while another failed as a fault', async () => {
      const begun: string[] = []
      const work = ({ key }: PlannedTrial): Promise<boolean> => {
        begun.push(formatTrialKey(key))
        return Promise.reject(new Error('a bug'))
      }
      // Until one trial has ended only one runs.
      const { enter, leave } = openPurse(5)
      const purse: TrialPurse = {
        enter: ({ key }) => enter(formatTrialKey(key), 1),
        leave: ({ key }) => {
          leave(formatTrialKey(key))
        },
      }
      const signal = new AbortController().signal
      const ports = { signal, isFinished: () => false, purse, concurrency: 2 }
      await expect(runRounds(aPlan(1, 2), work, ports)).rejects.toThrow('a bug')
      expect(begun).toEqual(['a#1'])
    })

    it('ends without a purse too, where whoever asked was told that the money is spent', async () => {
      const { log, stopped } = await observe(aPlan(2, 4), { concurrency: 1, unpaid: ['b#1'] })
      expect(stopped).toEqual({ why: 'budget', rounds: 0 })
      expect(log).toEqual(['a#1', 'b#1'])
    })
  })
})
