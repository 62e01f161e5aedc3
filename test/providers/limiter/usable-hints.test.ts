import { describe, expect, it } from 'vitest'
import { usableHints } from '../../../src/providers/limiter/usable-hints.ts'

const maxWaitMs = 60_000

describe('usableHints', () => {
  it.each([
    [{}, {}],
    [{ retryAfterMs: 1_000 }, { retryAfterMs: 1_000 }],
    [{ retryAfterMs: 60_000 }, { retryAfterMs: 60_000 }],
    [{ retryAfterMs: 60_001 }, { asksTooLongMs: 60_001 }],
    [{ retryAfterMs: 0 }, {}],
    [{ retryAfterMs: -5 }, {}],
    [{ retryAfterMs: Number.NaN }, {}],
    [{ retryAfterMs: Infinity }, {}],
    [{ retryAfterMs: 1_700_000_000_000 }, {}],
    [{ remainingRequests: 3, resetsInMs: 500 }, { quota: { remaining: 3, resetsInMs: 500 } }],
    [{ remainingRequests: 3.7, resetsInMs: 0 }, { quota: { remaining: 3, resetsInMs: 0 } }],
    [{ remainingRequests: 3 }, {}],
    [{ resetsInMs: 500 }, {}],
    [{ remainingRequests: -1, resetsInMs: 500 }, {}],
    [{ remainingRequests: Number.NaN, resetsInMs: 500 }, {}],
    [{ remainingRequests: Infinity, resetsInMs: 500 }, {}],
    [{ remainingRequests: 0, resetsInMs: 60_001 }, {}],
    [{ remainingRequests: 0, resetsInMs: -1 }, {}],
  ])('%j gives %j', (hints, usable) => {
    expect(usableHints(hints, maxWaitMs)).toEqual(usable)
  })
})
