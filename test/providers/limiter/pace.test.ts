import { describe, expect, it } from 'vitest'
import {
  msUntilStart,
  type Outcome,
  type Pace,
  paceAfter,
  paceAtStart,
  startingPace,
} from '../../../src/providers/limiter/pace.ts'

/** A pace after so many have started. */
function afterStarts(starts: number, max = 64): Pace {
  let pace = startingPace(max)
  for (let i = 0; i < starts; i++) pace = paceAtStart(pace)
  return pace
}

function outcome(changes: Partial<Outcome>): Outcome {
  return { kind: 'answered', start: 1, inFlight: 32, nowMs: 1_000, hints: {}, ...changes }
}

describe('the limit', () => {
  it.each([
    [1, 1],
    [8, 8],
    [500, 32],
  ])('of at most %i starts at %i', (max, limit) => {
    expect(startingPace(max).limit).toBe(limit)
  })

  it('grows by one for each answer at first, up to what is allowed', () => {
    expect(paceAfter(afterStarts(32), outcome({})).limit).toBe(33)
    expect(paceAfter(afterStarts(32, 32), outcome({})).limit).toBe(32)
  })

  it('does not grow where nobody reached it', () => {
    expect(paceAfter(afterStarts(32), outcome({ inFlight: 31 })).limit).toBe(32)
  })

  it('halves once for a burst that is refused, then grows by one for a whole round', () => {
    let pace = afterStarts(32)
    for (let start = 1; start <= 32; start++) {
      pace = paceAfter(pace, outcome({ kind: 'refused', start, inFlight: 33 - start }))
    }
    expect(pace.limit).toBe(16)
    const late = paceAfter(pace, outcome({ start: 32, inFlight: 16 }))
    expect(late.limit).toBe(16)
    const fresh = paceAfter(paceAtStart(pace), outcome({ start: 33, inFlight: 16 }))
    expect(fresh.limit).toBe(16 + 1 / 16)
  })

  it('halves what was in flight, not what was allowed, and never falls below one', () => {
    let pace = paceAfter(afterStarts(6), outcome({ kind: 'refused', start: 6, inFlight: 6 }))
    expect(pace.limit).toBe(3)
    for (const start of [7, 8, 9]) {
      pace = paceAfter(paceAtStart(pace), outcome({ kind: 'refused', start, inFlight: 1 }))
    }
    expect(pace.limit).toBe(1)
  })

  it('stays on a fault, and does not grow on what was started before it', () => {
    const pace = paceAfter(afterStarts(32), outcome({ kind: 'fault', start: 1 }))
    expect(pace.limit).toBe(32)
    expect(paceAfter(pace, outcome({ start: 2 })).limit).toBe(32)
    expect(paceAfter(paceAtStart(pace), outcome({ start: 33 })).limit).toBe(33)
  })

  it.each(['heard', 'unfit', 'locked_out', 'unclear'] as const)('stays on %s', (kind) => {
    expect(paceAfter(afterStarts(32), outcome({ kind }))).toEqual(afterStarts(32))
  })
})

describe('what a service asks for', () => {
  const refused = paceAfter(
    afterStarts(4),
    outcome({ kind: 'refused', start: 2, inFlight: 4, hints: { retryAfterMs: 5_000 } }),
  )

  it('holds everybody', () => {
    expect(msUntilStart(refused, { inFlight: 0, nowMs: 1_000 })).toBe(5_000)
    expect(msUntilStart(refused, { inFlight: 0, nowMs: 6_000 })).toBe(0)
  })

  it('is never shortened by a later word', () => {
    const again = outcome({
      ...{ kind: 'fault', start: 3, inFlight: 3, nowMs: 1_500 },
      hints: { retryAfterMs: 10 },
    })
    expect(msUntilStart(paceAfter(refused, again), { inFlight: 0, nowMs: 1_500 })).toBe(4_500)
  })

  it('still holds when an older request is answered', () => {
    const pace = paceAfter(refused, outcome({ start: 1, inFlight: 3 }))
    expect(msUntilStart(pace, { inFlight: 0, nowMs: 1_000 })).toBe(5_000)
    expect(pace.limit).toBe(2)
  })

  it('no longer holds when a later request is answered all the same; an eighth stays cut', () => {
    const pace = paceAfter(refused, outcome({ start: 3, inFlight: 3 }))
    expect(msUntilStart(pace, { inFlight: 0, nowMs: 1_000 })).toBe(0)
    expect(pace.limit).toBe(3.5)
  })

  it('lets as many start as are left besides those in flight', () => {
    const quota = { remaining: 3, resetsInMs: 2_000 }
    let pace = paceAfter(afterStarts(2), outcome({ start: 1, inFlight: 2, hints: { quota } }))
    expect(msUntilStart(pace, { inFlight: 1, nowMs: 1_000 })).toBe(0)
    pace = paceAtStart(paceAtStart(pace))
    expect(msUntilStart(pace, { inFlight: 3, nowMs: 1_000 })).toBe(Infinity)
    expect(msUntilStart(pace, { inFlight: 0, nowMs: 1_000 })).toBe(2_000)
    expect(msUntilStart(pace, { inFlight: 0, nowMs: 3_000 })).toBe(0)
  })

  it('is believed by the newest answer', () => {
    const say = (start: number, remaining: number): Outcome =>
      outcome({ start, inFlight: 1, hints: { quota: { remaining, resetsInMs: 2_000 } } })
    const pace = paceAfter(paceAfter(afterStarts(2), say(2, 0)), say(1, 10))
    expect(msUntilStart(pace, { inFlight: 0, nowMs: 1_000 })).toBe(2_000)
    expect(msUntilStart(paceAfter(pace, say(2, 10)), { inFlight: 0, nowMs: 1_000 })).toBe(0)
  })
})
