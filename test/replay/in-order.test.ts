import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../src/replay/in-order.ts'
import { ownTime } from '../../src/replay/own-time.ts'
import type { Ran } from './builders.ts'
import {
  aClock,
  aSlowEngine,
  type Playing,
  played,
  quiet,
  type SlowEngine,
} from './play-outside.ts'

const refund = (amount: number): { tool: string; args: { amount: number } } => ({
  tool: 'pay.refund',
  args: { amount },
})

/** A trial with a control that somebody must answer for. */
function playedSlowly(
  act: (playing: Playing, slow: SlowEngine) => Promise<void>,
  {
    slow = aSlowEngine(),
    ...options
  }: NonNullable<Parameters<typeof played>[1]> & { slow?: SlowEngine } = {},
): Promise<Ran> {
  const engines = { own: [slow], judging: [] }
  return played((playing) => act(playing, slow), { ...options, engines })
}

describe('while a control decides', () => {
  it('calls that came side by side wait for each other, and each gets its own result', async () => {
    const values: unknown[] = []
    const ran = await playedSlowly(async ({ session, trial }, slow) => {
      const calls = [1, 2, 4].map(async (amount) => {
        const [result] = await trial.call([refund(amount)])
        values.push(result?.value)
      })
      await quiet()
      expect(slow.asked).toHaveLength(1)
      for (let each = 0; each < calls.length; each += 1) {
        slow.answer()
        await quiet()
      }
      await Promise.all(calls)
      session.reply('done')
    })
    expect(values).toEqual([{ total: 1 }, { total: 3 }, { total: 7 }])
    expect(ran.of('tool.proposed').map(({ args }) => args)).toEqual(
      [1, 2, 4].map((amount) => ({ amount })),
    )
    expect(ran.termination).toBe('done')
  })

  it('a reply waits behind the calls that came before it', async () => {
    const ran = await playedSlowly(async ({ session, trial }, slow) => {
      void trial.call([refund(5)])
      session.reply('Paid.')
      await quiet()
      slow.answer()
    })
    const types = ran.events.map(({ type }) => type)
    expect(types.lastIndexOf('message')).toBeGreaterThan(types.indexOf('tool.result'))
    expect(ran.state).toMatchObject({ refunds: [5] })
    expect(ran.termination).toBe('done')
  })

  it('a call behind the reply comes too late', async () => {
    let code: unknown
    const ran = await playedSlowly(
      async ({ session, trial }, slow) => {
        session.reply('Paid.')
        const late = trial.call([refund(5)])
        await quiet()
        slow.answer()
        code = (await late)[0]?.value
      },
      { slow: aSlowEngine(['reply']) },
    )
    expect(code).toMatchObject({ error: { code: expect.stringMatching(/_over$/) as string } })
    expect(ran.of('tool.proposed')).toEqual([])
  })

  it('it is not the agent whose time passes', async () => {
    const ran = await playedSlowly(
      async ({ pass, session, trial }, slow) => {
        pass(30)
        const call = trial.call([refund(5)])
        await quiet()
        pass(2_000)
        slow.answer()
        await call
        pass(7)
        session.reply('Paid.')
      },
      { plan: { budgets: { max_wall_time_seconds: 1 } } },
    )
    expect(ran.end).toMatchObject({ termination: 'done', elapsedMs: 30 + 400 + 7 })
  })

  it('its turn does not run out of time', async () => {
    const ran = await playedSlowly(async ({ pass, session, trial }, slow) => {
      const call = trial.call([refund(5)])
      await quiet()
      pass(61_000)
      await quiet()
      slow.answer()
      await call
      pass(50_000)
      await quiet()
      session.reply('Paid.')
    })
    expect(ran.termination).toBe('done')
    const slow = await playedSlowly(async ({ pass, trial }, engine) => {
      const call = trial.call([refund(5)])
      await quiet()
      pass(61_000)
      engine.answer()
      await call
      pass(60_000)
    })
    expect(slow.end).toMatchObject({
      termination: 'agent_error',
      message: 'no reply within 60 seconds',
    })
  })

  it('nor does it get more time later than it lost', async () => {
    const ran = await playedSlowly(
      async ({ pass, session, trial, turn }, slow) => {
        if (turn === 1) {
          const call = trial.call([refund(5)])
          await quiet()
          pass(61_000)
          slow.answer()
          await call
          session.reply('Paid.')
          return
        }
        pass(59_999)
        await quiet()
        expect(trial.over.aborted).toBe(false)
        pass(1)
        await quiet()
        session.reply('too late')
      },
      { turns: ['a', 'b'] },
    )
    expect(ran.end).toMatchObject({ message: 'no reply within 60 seconds' })
  })

  it('an abort ends the trial, and what waited for the control is not done', async () => {
    const control = new AbortController()
    let result: unknown
    let over = false
    const slow = aSlowEngine()
    const running = playedSlowly(
      async ({ trial: door }) => {
        const call = door.call([refund(5)])
        await quiet()
        control.abort()
        await quiet()
        expect(over).toBe(false)
        slow.answer()
        result = (await call)[0]?.value
      },
      { signal: control.signal, slow, cutsOff: true },
    )
    const ran = await running.finally(() => {
      over = true
    })
    expect(ran.termination).toBe('aborted')
    expect(result).toMatchObject({ error: { code: 'trial_over' } })
    expect(ran.state).toMatchObject({ refunds: [] })
    // What was proposed is judged all the same.
    expect(ran.of('policy.decision')).toMatchObject([{ callId: 'call', rules: [{ id: 'slow' }] }])
    expect(ran.events.at(-1)?.type).toBe('trial.end')
  })
})

describe('a fault of our own', () => {
  it('while a call is dealt with ends the trial with it, and is nobody else’s', async () => {
    let result: unknown
    const ran = playedSlowly(async ({ trial }, slow) => {
      const call = trial.call([refund(5)])
      await quiet()
      slow.answer(new Error('our own fault'))
      result = (await call)[0]?.value
    })
    await expect(ran).rejects.toThrow('our own fault')
    expect(result).toMatchObject({ error: { code: 'trial_over' } })
  })

  it('in a line of the log that nobody waits for does not get lost', async () => {
    const ran = playedSlowly(
      async ({ session, trial }, slow) => {
        trial.log('thinking')
        await quiet()
        session.end({ termination: 'done' })
        slow.answer(new Error('our own fault'))
      },
      { slow: aSlowEngine(['log']) },
    )
    await expect(ran).rejects.toThrow('our own fault')
  })
})

describe('inOrder', () => {
  it('does one thing at a time, in the order in which they came in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ waits: fc.nat(3), fails: fc.boolean() })),
        async (things) => {
          const clock = aClock()
          const incoming = inOrder(ownTime(clock), clock)
          const log: string[] = []
          const done = things.map(({ fails, waits }, index) =>
            incoming.take(async () => {
              log.push(`begin ${index}`)
              for (let each = 0; each < waits; each += 1) await quiet()
              clock.pass(10)
              log.push(`end ${index}`)
              if (fails) throw new Error(`fault ${index}`)
              return index
            }, -1),
          )
          const failed = things.findIndex(({ fails }) => fails)
          const settled = incoming.settled()
          if (failed === -1) await settled
          else await expect(settled).rejects.toThrow(`fault ${failed}`)
          expect(await Promise.all(done)).toEqual(
            things.map(({ fails }, index) => (fails ? -1 : index)),
          )
          expect(log).toEqual(things.flatMap((_, index) => [`begin ${index}`, `end ${index}`]))
          expect(incoming.tookMs()).toBe(things.length * 10)
        },
      ),
      { numRuns: 40 },
    )
  })
})
