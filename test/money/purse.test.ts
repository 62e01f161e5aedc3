import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPurse, type Purse } from '../../src/money/purse.ts'

/** Whether somebody who asked has been answered by now, and how. */
async function answerOf(asked: Promise<boolean>): Promise<boolean | 'waiting'> {
  const soon = new Promise<'waiting'>((resolve) => {
    setImmediate(() => {
      resolve('waiting')
    })
  })
  return Promise.race([asked, soon])
}

function play(purse: Purse, trial: string, usd: number): void {
  purse.pay(trial, usd)
  purse.leave(trial)
}

describe('openPurse', () => {
  it('lets everybody in where there is no budget', async () => {
    const purse = openPurse(undefined)
    expect(await Promise.all(['a', 'b'].map((one) => purse.enter(one, 1e9)))).toEqual([true, true])
    purse.pay('a', 5)
    expect([purse.spentUsd(), purse.isEmpty()]).toEqual([5, false])
  })

  it('runs one trial alone until one has shown what it costs', async () => {
    const purse = openPurse(1)
    expect(await answerOf(purse.enter('a', 0))).toBe(true)
    const second = purse.enter('b', 0)
    expect(await answerOf(second)).toBe('waiting')
    play(purse, 'a', 0.1)
    expect(await answerOf(second)).toBe(true)
  })

  it('refuses what does not fit, and what waits behind it', async () => {
    const purse = openPurse(0.3)
    await purse.enter('a', 0)
    const rest = ['b', 'c', 'd'].map((one) => purse.enter(one, 0))
    play(purse, 'a', 0.1)
    play(purse, 'b', 0.1)
    play(purse, 'c', 0.1)
    expect(await Promise.all(rest)).toEqual([true, true, false])
    expect([purse.spentUsd().toFixed(2), purse.isEmpty()]).toEqual(['0.30', true])
  })

  it('refuses a trial that is expected to cost more than there is', async () => {
    expect(await openPurse(0.1).enter('a', 0.2)).toBe(false)
  })

  it('counts what an earlier process has spent', async () => {
    expect(await openPurse(1, 0.95).enter('a', 0.1)).toBe(false)
  })

  it('can be made smaller, and never larger', async () => {
    const purse = openPurse(undefined)
    expect([purse.hasLimit, purse.budgetUsd]).toEqual([false, undefined])
    purse.lower(0.3)
    purse.lower(5)
    expect([purse.hasLimit, purse.budgetUsd]).toEqual([true, 0.3])
    expect(await purse.enter('a', 0.4)).toBe(false)
    purse.pay('', 0.3)
    expect(purse.isEmpty()).toBe(true)
  })

  it('gives back what a trial did not use', async () => {
    const purse = openPurse(1)
    await purse.enter('a', 0)
    play(purse, 'a', 0.01)
    await purse.enter('b', 0.9)
    const third = purse.enter('c', 0.5)
    expect(await answerOf(third)).toBe('waiting')
    play(purse, 'b', 0.02)
    // Expected 0.5, and no longer 0.9: the dearest trial so far cost 0.02.
    expect(await answerOf(third)).toBe(true)
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('does not believe %s', (usd) => {
    const purse = openPurse(1)
    purse.pay('a', usd)
    expect(purse.spentUsd()).toBe(0)
  })

  it('passes the budget by less than one trial, whatever the order in which trials end', async () => {
    const cost = fc.double({ min: 0.01, max: 0.2, noNaN: true })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        cost,
        async (picks, usd) => {
          const purse = openPurse(1)
          const running: string[] = []
          const asked = picks.map(async (_, index) => {
            const trial = `t${index}`
            if (await purse.enter(trial, 0)) running.push(trial)
          })
          for (const pick of picks) {
            await new Promise((resolve) => {
              setImmediate(resolve)
            })
            const [trial] = running.splice(pick % Math.max(1, running.length), 1)
            if (trial !== undefined) play(purse, trial, usd)
          }
          await Promise.all(asked)
          expect(purse.spentUsd()).toBeLessThanOrEqual(1 + usd)
        },
      ),
      { numRuns: 30 },
    )
  })
})
