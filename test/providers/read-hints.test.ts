import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHttpDuration, parseHttpTime } from '../../src/providers/http-time.ts'
import { readHints } from '../../src/providers/read-hints.ts'

const date = 'Sun, 06 Nov 1994 08:49:37 GMT'

describe('readHints', () => {
  it.each<[Record<string, string>, object]>([
    [{}, {}],
    [{ 'retry-after': '3' }, { retryAfterMs: 3000 }],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, { retryAfterMs: 250 }],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:57 GMT', date }, { retryAfterMs: 20_000 }],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:07 GMT', date }, { retryAfterMs: 0 }],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:57 GMT' }, {}],
    [{ 'retry-after': '-3' }, {}],
    [{ 'retry-after': 'soon' }, {}],
    [
      { 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '6m0s' },
      { remainingRequests: 59, resetsInMs: 360_000 },
    ],
    [
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '1994-11-06T08:50:37Z',
        date,
      },
      { remainingRequests: 0, resetsInMs: 60_000 },
    ],
    [{ 'x-ratelimit-remaining-requests': 'NaN', 'x-ratelimit-reset-requests': '' }, {}],
  ])('reads %j', (headers, hints) => {
    expect(readHints(429, new Headers(headers))).toEqual({ status: 429, ...hints })
  })

  it('knows nothing where nobody answered', () => {
    expect(readHints(undefined, undefined)).toEqual({})
  })
})

describe('parseHttpTime', () => {
  it('reads both forms like the calendar does', () => {
    const inHeaders = {
      min: new Date('1970-01-01'),
      max: new Date('2400-01-01'),
      noInvalidDate: true,
    }
    fc.assert(
      fc.property(fc.date(inHeaders), (time) => {
        expect(parseHttpTime(time.toISOString())).toBe(time.getTime())
        expect(parseHttpTime(time.toUTCString())).toBe(Math.floor(time.getTime() / 1000) * 1000)
      }),
    )
  })

  it.each(['', 'yesterday', 'Sun, 06 Foo 1994 08:49:37 GMT', '1994-13-06T08:49:37Z'])(
    'reads nothing out of %j',
    (text) => {
      expect(parseHttpTime(text)).toBeUndefined()
    },
  )
})

describe('parseHttpDuration', () => {
  it.each([
    ['1s', 1000],
    ['1.5s', 1500],
    ['20ms', 20],
    ['6m0s', 360_000],
    ['1h2m3s4ms', 3_723_004],
    ['7', 7000],
    ['', undefined],
    ['s', undefined],
    ['1 s', undefined],
    ['1e9', undefined],
  ])('reads %j as %s ms', (text, ms) => {
    expect(parseHttpDuration(text)).toBe(ms)
  })
})
