import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLimiter } from '../../../src/providers/limiter/limiter.ts'
import { fakeClock } from './fake-clock.ts'
import { aRequest, fakeService, type Scripted, settings } from './fake-service.ts'

const duration = fc.oneof(fc.integer({ min: -10, max: 200_000 }), fc.constant(Number.NaN))

const hints = fc.record(
  {
    retryAfterMs: duration,
    remainingRequests: fc.integer({ min: -2, max: 8 }),
    resetsInMs: duration,
  },
  { requiredKeys: [] },
)

const error = fc.constantFrom(
  ...(['rate_limit', 'transient', 'timeout', 'auth', 'bad_request', 'bug'] as const),
)

const scripted: fc.Arbitrary<Scripted> = fc.record(
  { error, hints, tookMs: fc.integer({ min: 0, max: 300_000 }) },
  { requiredKeys: ['tookMs'] },
)

const asked = fc.record({
  afterMs: fc.nat(5_000),
  abortAfterMs: fc.option(fc.nat(100_000), { nil: undefined }),
})

describe('whatever a service does', () => {
  it('never has more in flight than allowed; every request ends, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(scripted, { minLength: 1, maxLength: 30 }),
        fc.array(asked, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (script, requests, maxConcurrency) => {
          const clock = fakeClock()
          const service = fakeService(clock, (nth) => script[nth % script.length] ?? {})
          const limiter = createLimiter({ clock, rng: () => 0.5 })
          const provider = limiter.limit(service, { ...settings, maxConcurrency })
          const replies = requests.map(async ({ abortAfterMs, afterMs }) => {
            const stop = new AbortController()
            await clock.sleep(afterMs, stop.signal)
            const ended = new AbortController()
            if (abortAfterMs !== undefined) {
              void clock.sleep(abortAfterMs, ended.signal).then(() => {
                stop.abort()
              })
            }
            const reply = await provider.complete(aRequest(), stop.signal)
            ended.abort()
            return reply
          })
          const ends = await clock.until(Promise.all(replies))

          expect(service.most()).toBeLessThanOrEqual(maxConcurrency)
          expect(service.inFlight()).toBe(0)
          expect(clock.timers()).toBe(0)
          for (const end of ends) {
            const { attempts = [] } = end.ok ? end.response : end.error
            expect(attempts.length).toBeLessThanOrEqual(26)
            expect(attempts.every(({ waitedMs }) => waitedMs >= 0)).toBe(true)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('has every place free again afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scripted, { minLength: 1, maxLength: 20 }), async (script) => {
        const clock = fakeClock()
        const service = fakeService(clock, (nth) => script[nth] ?? {})
        const limiter = createLimiter({ clock, rng: () => 0.5 })
        const provider = limiter.limit(service, { ...settings, maxConcurrency: 3 })
        const never = new AbortController().signal
        const ask = (count: number): Promise<readonly unknown[]> =>
          Promise.all(Array.from({ length: count }, () => provider.complete(aRequest(), never)))
        await clock.until(ask(5))
        // Longer than any outage lasts before somebody may try again, until the script is over.
        while (service.started().length < script.length || limiter.outages().length > 0) {
          await clock.pass(200_000)
          await clock.until(ask(1))
        }
        await clock.pass(200_000)
        await clock.until(ask(20))
        const replies = await clock.until(ask(3))
        expect(replies).toMatchObject([{ ok: true }, { ok: true }, { ok: true }])
      }),
      { numRuns: 60 },
    )
  })
})
