import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '../../../src/providers/limiter/retry-delay.ts'

const terms = { maxRetries: 3, maxWaitMs: 60_000, random: 0 }

describe('retryDelayMs', () => {
  it.each([
    [1, 0, 250],
    [2, 0, 500],
    [3, 0, 1_000],
    [1, 0.5, 375],
  ])('after fault %i with %d drawn: %d ms', (fault, random, ms) => {
    expect(retryDelayMs('fault', { refused: 0, fault }, { ...terms, random })).toBe(ms)
  })

  it('never waits longer than half a minute, nor than the run is ready to wait', () => {
    const counts = { refused: 12, fault: 0 }
    expect(retryDelayMs('refused', counts, { ...terms, random: 1 })).toBe(30_000)
    expect(retryDelayMs('refused', counts, { ...terms, random: 1, maxWaitMs: 2_000 })).toBe(2_000)
  })

  it.each([
    ['fault', 3, 4],
    ['refused', 12, 13],
  ] as const)('gives a %s %i further attempts, and none after failure %i', (kind, last, over) => {
    const counts = { refused: 0, fault: 0 }
    expect(retryDelayMs(kind, { ...counts, [kind]: last }, terms)).toBeGreaterThan(0)
    expect(retryDelayMs(kind, { ...counts, [kind]: over }, terms)).toBeUndefined()
  })

  it('counts each kind by itself', () => {
    expect(retryDelayMs('refused', { refused: 1, fault: 3 }, terms)).toBe(250)
  })

  it.each([
    [0, 8_000],
    [0.5, 8_400],
  ])('waits at least as long as the service asks (%d drawn)', (random, ms) => {
    const asked = { ...terms, random, retryAfterMs: 8_000 }
    expect(retryDelayMs('refused', { refused: 1, fault: 0 }, asked)).toBe(ms)
  })

  it.each(['answered', 'heard', 'unfit', 'locked_out', 'unclear'] as const)(
    'never repeats %s',
    (kind) => {
      expect(retryDelayMs(kind, { refused: 0, fault: 0 }, terms)).toBeUndefined()
    },
  )

  it('repeats nothing where no retries are allowed', () => {
    const none = { ...terms, maxRetries: 0 }
    expect(retryDelayMs('refused', { refused: 1, fault: 0 }, none)).toBeUndefined()
    expect(retryDelayMs('fault', { refused: 0, fault: 1 }, none)).toBeUndefined()
  })
})
