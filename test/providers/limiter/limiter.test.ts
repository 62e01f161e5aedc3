import { describe, expect, it } from 'vitest'
import type { Rng } from '../../../src/ports.ts'
import { createLimiter, type Limiter } from '../../../src/providers/limiter/limiter.ts'
import type { ModelReply, Provider } from '../../../src/providers/provider.ts'
import { createRng } from '../../../src/providers/reference/rng.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { aRequest, type FakeService, fakeService, type Scripted, settings } from './fake-service.ts'

const never = new AbortController().signal

interface Stage {
  readonly clock: FakeClock
  readonly service: FakeService
  readonly limiter: Limiter
  readonly provider: Provider
}

/** A limiter before a service that follows the script; of each pause the shortest is drawn. */
function stage(
  script: (nth: number, atMs: number, trial: string) => Scripted = () => ({}),
  { rng = () => 0, ...changes }: Partial<typeof settings & { readonly rng: Rng }> = {},
): Stage {
  const clock = fakeClock()
  const service = fakeService(clock, (nth, { trial }) => script(nth, clock.nowMs(), trial))
  const limiter = createLimiter({ clock, rng })
  const provider = limiter.limit(service, { ...settings, ...changes })
  return { clock, service, limiter, provider }
}

function ask({ provider }: Stage, trial = 't', signal = never): Promise<ModelReply> {
  return provider.complete(aRequest({ trial }), signal)
}

function askMany(on: Stage, count: number): Promise<readonly ModelReply[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => ask(on, `t${index}`)))
}

describe('a healthy service', () => {
  it('keeps 32 in flight from the first to the last', async () => {
    const on = stage()
    let left = 1_000
    const trial = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        await ask(on)
      }
    }
    await on.clock.until(Promise.all(Array.from({ length: 32 }, trial)))
    expect(on.clock.nowMs()).toBe(Math.ceil(1_000 / 32) * 50)
    expect(on.clock.timers()).toBe(0)
  })

  it('answers with the latency of the attempt, not of the queue', async () => {
    const on = stage(() => ({ tookMs: 70 }), { maxConcurrency: 1 })
    const replies = await on.clock.until(askMany(on, 3))
    expect(replies).toHaveLength(3)
    for (const reply of replies) {
      expect(reply).toMatchObject({ ok: true, response: { latencyMs: 70, retries: 0 } })
      expect(reply).not.toHaveProperty('response.attempts')
    }
  })

  it('serves in order of arrival', async () => {
    const on = stage(() => ({}), { maxConcurrency: 2 })
    await on.clock.until(askMany(on, 5))
    expect(on.service.started().map(({ trial }) => trial)).toEqual(['t0', 't1', 't2', 't3', 't4'])
  })

  it('is one queue for all who share a key, and another for another model', async () => {
    const on = stage(() => ({}), { maxConcurrency: 1 })
    const same = on.limiter.limit(on.service, settings)
    const other = on.limiter.limit(on.service, { ...settings, key: 'openai:other' })
    const asked = [on.provider, same, other].map((each) => each.complete(aRequest(), never))
    await on.clock.until(Promise.all(asked))
    expect(on.service.started().map(({ atMs }) => atMs)).toEqual([0, 0, 50])
  })
})

describe('a failure that may pass', () => {
  it('is tried again, and every attempt is kept', async () => {
    const on = stage((nth) => {
      if (nth === 0)
        return { error: 'transient', message: 'bad\n\u001b[31m gateway', hints: { status: 502 } }
      return nth === 1 ? { error: 'rate_limit', hints: { status: 429, retryAfterMs: 3_000 } } : {}
    })
    expect(await on.clock.until(ask(on))).toMatchObject({
      ok: true,
      response: {
        latencyMs: 50,
        retries: 2,
        attempts: [
          { class: 'transient', status: 502, message: 'bad gateway', latencyMs: 50, waitedMs: 250 },
          {
            class: 'rate_limit',
            status: 429,
            message: 'rate_limit',
            latencyMs: 50,
            waitedMs: 3_000,
          },
        ],
      },
    })
    expect(on.clock.nowMs()).toBe(3_400)
  })

  it('ends after its last attempt, with all of them', async () => {
    const on = stage(() => ({ error: 'transient' }), { maxRetries: 1 })
    const reply = await on.clock.until(ask(on))
    const attempt = { class: 'transient', message: 'transient', latencyMs: 50 }
    expect(reply).toEqual({
      ok: false,
      error: {
        class: 'transient',
        message: 'transient',
        attempts: [
          { ...attempt, waitedMs: 250 },
          { ...attempt, waitedMs: 0 },
        ],
      },
    })
  })

  it.each(['auth', 'bad_request', 'context_overflow', 'bug', 'cassette_miss', 'budget'] as const)(
    'is not what %s is',
    async (error) => {
      const on = stage((nth) => (nth === 0 ? {} : { error }))
      await on.clock.until(ask(on))
      expect(await on.clock.until(ask(on))).toMatchObject({ ok: false, error: { class: error } })
      expect(on.service.started()).toHaveLength(2)
    },
  )

  it('goes before those who came later', async () => {
    const on = stage((nth) => (nth === 0 ? { error: 'transient' } : { tookMs: 300 }), {
      maxConcurrency: 1,
    })
    await on.clock.until(askMany(on, 4))
    expect(on.service.started().map(({ trial }) => trial)).toEqual(['t0', 't1', 't0', 't2', 't3'])
  })

  it('is also an attempt that takes too long, whether the service stops it or not', async () => {
    const on = stage((nth) => (nth === 0 ? { tookMs: 500_000 } : {}), { timeoutMs: 2_500 })
    expect(await on.clock.until(ask(on))).toMatchObject({
      ok: true,
      response: {
        attempts: [{ class: 'timeout', message: 'no answer within 2.5 s', latencyMs: 2_500 }],
      },
    })
    expect(on.service.inFlight()).toBe(0)

    const deaf = { attempt: () => new Promise<never>(() => undefined) }
    const provider = on.limiter.limit(deaf, {
      ...settings,
      key: 'deaf',
      timeoutMs: 9,
      maxRetries: 0,
    })
    expect(await on.clock.until(provider.complete(aRequest(), never))).toMatchObject({
      ok: false,
      error: { class: 'timeout', message: 'no answer within 0.009 s' },
    })
  })

  it('never loses a request to 30 % refusals and 5 % faults', async () => {
    let drawn = 0
    const on = stage(() => {
      const at = (drawn++ * 61) % 100
      if (at < 30) return { error: 'rate_limit', hints: { retryAfterMs: 1_000 } }
      return at < 35 ? { error: 'transient' } : {}
    })
    const replies = await on.clock.until(askMany(on, 300))
    expect(replies.filter(({ ok }) => !ok)).toEqual([])
    expect(on.limiter.outages()).toEqual([])
  })
})

describe('what a service asks for', () => {
  it('holds those who were not refused themselves', async () => {
    const on = stage(
      (_nth, atMs) => (atMs < 60 ? { error: 'rate_limit', hints: { retryAfterMs: 5_000 } } : {}),
      { maxConcurrency: 2 },
    )
    await on.clock.until(askMany(on, 4))
    expect(on.service.started().map(({ atMs }) => atMs)).toEqual([0, 0, 5_050, 5_100, 5_100, 5_150])
  })

  it('is heeded before it refuses, by what it says is left', async () => {
    const on = stage((nth) => ({
      hints: nth < 2 ? { remainingRequests: 1 - nth, resetsInMs: 9_000 } : {},
    }))
    await on.clock.until(ask(on))
    await on.clock.until(ask(on))
    await on.clock.until(ask(on))
    expect(on.service.started().map(({ atMs }) => atMs)).toEqual([0, 50, 9_100])
  })

  it('is too much above the longest wait: nobody waits, and all say why', async () => {
    const on = stage(
      (nth) =>
        nth === 0
          ? { error: 'rate_limit', message: 'daily quota', hints: { retryAfterMs: 7_200_000 } }
          : {},
      { maxConcurrency: 1 },
    )
    const replies = await on.clock.until(askMany(on, 3))
    const message = 'openai:fake asks to wait 7200 s, and max_wait_seconds allows 60 s: daily quota'
    for (const reply of replies) {
      expect(reply).toMatchObject({ ok: false, error: { class: 'rate_limit', message } })
    }
    expect(on.clock.nowMs()).toBe(50)
    expect(on.limiter.outages()).toEqual([{ key: 'openai:fake', message }])
  })
})

describe('a service that is down', () => {
  const refused = { error: 'transient', message: 'connect ECONNREFUSED', tookMs: 1 } as const

  it('is given up on within seconds, with one line for all', async () => {
    const on = stage(() => refused, { rng: createRng(1) })
    const replies = await on.clock.until(askMany(on, 200))
    const messages = new Set(replies.map((reply) => (reply.ok ? 'ok' : reply.error.message)))
    const [{ message } = { message: '' }] = on.limiter.outages()
    expect([...messages]).toEqual([message])
    expect(message).toMatch(/^openai:fake does not answer \(\d+ attempts in 2 s\): connect ECONN/)
    expect(Math.round(on.clock.nowMs() / 100)).toBe(20)
    expect(on.clock.timers()).toBe(0)
  })

  it('answers whoever comes later at once, without asking it', async () => {
    const on = stage(() => refused)
    await on.clock.until(askMany(on, 50))
    const asked = on.service.started().length
    const nowMs = on.clock.nowMs()
    expect(await on.clock.until(ask(on))).toMatchObject({
      ok: false,
      error: { class: 'transient' },
    })
    expect(on.service.started()).toHaveLength(asked)
    expect(on.clock.nowMs()).toBe(nowMs)
  })

  it('is given up on at the first word about a wrong key', async () => {
    const on = stage(() => ({ error: 'auth', message: '401 no such key' }), { maxConcurrency: 1 })
    const replies = await on.clock.until(askMany(on, 20))
    const message = 'openai:fake cannot be used: 401 no such key'
    for (const reply of replies) {
      expect(reply).toMatchObject({ ok: false, error: { class: 'auth', message } })
    }
    expect(on.service.started()).toHaveLength(1)
  })

  it('is found up again by one who tries', async () => {
    const on = stage((_nth, atMs) => (atMs < 40_000 ? refused : {}))
    await on.clock.until(askMany(on, 50))
    await on.clock.pass(60_000)
    const [probe, other] = [ask(on, 'probe'), ask(on, 'other')]
    expect(await on.clock.until(other)).toMatchObject({ ok: false })
    expect(await on.clock.until(probe)).toMatchObject({ ok: true })
    expect(on.limiter.outages()).toEqual([])
    expect(await on.clock.until(ask(on))).toMatchObject({ ok: true })
  })

  it('stays down for another while when the one who tries fails', async () => {
    const on = stage(() => refused)
    await on.clock.until(askMany(on, 50))
    const asked = on.service.started().length
    await on.clock.pass(31_000)
    expect(await on.clock.until(ask(on))).toMatchObject({ ok: false, error: { attempts: [{}] } })
    expect(await on.clock.until(ask(on))).not.toHaveProperty('error.attempts')
    expect(on.service.started()).toHaveLength(asked + 1)
  })

  it('is waited for over half a minute where it has worked before', async () => {
    const on = stage((_nth, atMs) => (atMs > 1_000 && atMs < 25_000 ? refused : {}), {
      maxRetries: 8,
    })
    await on.clock.until(ask(on))
    await on.clock.pass(2_000)
    const replies = await on.clock.until(askMany(on, 20))
    expect(replies.filter(({ ok }) => !ok)).toEqual([])
  })
})

describe('whoever gives up', () => {
  const stopped = {
    ok: false,
    error: { class: 'timeout', message: 'stopped before an answer came' },
  }

  it('has a reply at once in the queue, in flight, in a pause, and before it began', async () => {
    const stop = new AbortController()
    const on = stage((nth) => (nth === 0 ? { error: 'transient' } : { tookMs: 90_000 }), {
      maxConcurrency: 1,
    })
    const replies = ['paused', 'flying', 'queued'].map((trial) => ask(on, trial, stop.signal))
    await on.clock.pass(100)
    stop.abort()
    const [paused, flying, queued] = await on.clock.until(Promise.all(replies))
    expect(paused).toEqual({
      ok: false,
      error: {
        ...stopped.error,
        attempts: [{ class: 'transient', message: 'transient', latencyMs: 50, waitedMs: 50 }],
      },
    })
    expect([flying, queued]).toEqual([stopped, stopped])
    expect(await on.clock.until(ask(on, 'late', stop.signal))).toEqual(stopped)
    expect(on.clock.nowMs()).toBe(100)
    expect(on.clock.timers()).toBe(0)
    expect(on.service.inFlight()).toBe(0)
  })

  it('leaves a place to others, and nothing held against the service', async () => {
    const on = stage((nth) => ({ tookMs: nth < 20 ? 90_000 : 50 }), { maxConcurrency: 1 })
    for (let i = 0; i < 20; i++) {
      const stop = new AbortController()
      const reply = ask(on, 't', stop.signal)
      await on.clock.pass(5_000)
      stop.abort()
      await on.clock.until(reply)
    }
    expect(await on.clock.until(ask(on))).toMatchObject({ ok: true })
  })

  it('ends the waiting of a held queue, timer and all', async () => {
    const stop = new AbortController()
    const on = stage(() => ({ error: 'rate_limit', hints: { retryAfterMs: 30_000 } }))
    const first = ask(on, 't', stop.signal)
    await on.clock.pass(60)
    const second = ask(on, 't', stop.signal)
    await on.clock.pass(60)
    expect(on.clock.timers()).toBe(2)
    stop.abort()
    await on.clock.until(Promise.all([first, second]))
    expect(on.clock.timers()).toBe(0)
  })
})

describe('a service that throws', () => {
  it('is a fault of ours and is thrown on, but its place is free again', async () => {
    const on = stage(() => ({}), { maxConcurrency: 1 })
    const broken = { attempt: () => Promise.reject(new Error('oops')) }
    const provider = on.limiter.limit(broken, settings)
    await expect(provider.complete(aRequest(), never)).rejects.toThrow('oops')
    expect(await on.clock.until(ask(on))).toMatchObject({ ok: true })
    expect(on.clock.timers()).toBe(0)
  })
})
