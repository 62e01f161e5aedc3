import { describe, expect, it } from 'vitest'
import { call, run, scripted, type TrialOptions } from './builders.ts'
import { answered, ask, asked, failing, played } from './play-outside.ts'

const refund = (amount: number): ReturnType<typeof call> => call('pay.refund', { amount })
const say = 'We are having trouble. We will write to you.'
const plan = { modelOutageFrom: 2 }
const lost: TrialOptions = { plan }
const mended: TrialOptions = { plan, candidate: { fallback: { say } } }
const words = 'no model answered (an outage that the case declares)'

describe('an outage that the case declares', () => {
  it('lets no request be sent from there on', async () => {
    const model = scripted([[refund(5)], [refund(6)], 'Done.'])
    const ran = await run(model, lost)
    expect(model.asked).toHaveLength(1)
    expect(ran.of('model.request')).toHaveLength(1)
    expect(ran.of('model.error')).toMatchObject([
      { class: 'transient', message: 'model outage (declared by the case)' },
    ])
    expect(ran.end).toMatchObject({
      termination: 'agent_error',
      message: `${words}, and no fallback is declared for it`,
    })
    expect(ran.state).toMatchObject({ refunds: [5] })
  })

  it('is what the fallback is there for', async () => {
    const ran = await run([[refund(5)]], mended)
    expect(ran.of('fallback')).toMatchObject([{ why: 'outage', message: `outage: ${words}` }])
    expect(ran.end).toMatchObject({ termination: 'fallback', message: `outage: ${words}` })
    expect(ran.of('message').at(-1)?.content).toEqual([{ type: 'text', text: say }])
  })

  it('is none for a trial that ends before it', async () => {
    const ran = await run(['Done.'], mended)
    expect(ran.termination).toBe('done')
    const first = await run([], { ...mended, plan: { modelOutageFrom: 1 } })
    expect(first.termination).toBe('fallback')
    expect(first.of('model.request')).toEqual([])
  })

  it('comes after the limits of the agent itself', async () => {
    const ran = await run([[refund(5)]], {
      ...mended,
      plan: { ...plan, budgets: { max_model_calls: 1 } },
    })
    expect(ran.of('fallback')).toMatchObject([{ why: 'budget' }])
  })

  it('is another than a real one, which says nothing of the agent', async () => {
    const error = { class: 'transient' as const, message: '503' }
    const ran = await run([{ error }], { candidate: { fallback: { say } } })
    expect(ran.termination).toBe('provider_error')
    expect(ran.of('fallback')).toEqual([])
  })
})

describe('a declared outage of an agent outside', () => {
  it('refuses its requests, and leaves it to make the best of it', async () => {
    const refused: unknown[] = []
    const ran = await played(({ session, trial }) => {
      ask(trial, answered())
      refused.push(trial.admitModel(asked), trial.admitModel(asked))
      session.reply('I cannot think right now; here is our phone number.')
    }, mended)
    const admission = { ok: false, why: 'model outage (declared by the case)', status: 503 }
    expect(refused).toEqual([admission, admission])
    // However often it tries.
    expect(ran.of('model.error')).toHaveLength(1)
    expect(ran.of('model.request')).toHaveLength(1)
    expect(ran.termination).toBe('done')
  })

  it.each([
    ['crashes', 'exited with code 1'],
    ['takes too long', 'no reply within 60 seconds'],
  ])('falls back where the agent %s over it', async (_, message) => {
    const act = ({ pass, session, trial }: Parameters<Parameters<typeof played>[0]>[0]): void => {
      ask(trial, answered())
      trial.admitModel(asked)
      if (message.startsWith('exited')) session.fail(message)
      else pass(60_000)
    }
    const ran = await played(act, mended)
    expect(ran.end).toMatchObject({
      termination: 'fallback',
      message: `outage: ${words}; ${message}`,
    })
    const without = await played(act, lost)
    expect(without.end).toMatchObject({
      termination: 'agent_error',
      message: `${words}; ${message}, and no fallback is declared for it`,
    })
  })

  it('does not excuse a crash before it, or a service that really failed', async () => {
    const before = await played(({ session, trial }) => {
      ask(trial, answered())
      session.fail('exited with code 1')
    }, mended)
    expect(before.end).toMatchObject({ termination: 'agent_error', message: 'exited with code 1' })
    const real = await played(({ session, trial }) => {
      ask(trial, failing('transient'))
      session.fail('exited with code 1')
    }, mended)
    expect(real.termination).toBe('provider_error')
    expect([...before.of('fallback'), ...real.of('fallback')]).toEqual([])
  })
})
