import { describe, expect, it } from 'vitest'
import {
  afterProbe,
  firstHealth,
  type Health,
  healthAfter,
  type Sign,
} from '../../../src/providers/limiter/health.ts'
import { kindOfFailure } from '../../../src/providers/limiter/outcome-kinds.ts'
import type { FailureClass } from '../../../src/schema/model-answer.ts'

const patience = { key: 'openai:fake', maxWaitMs: 60_000 }

function fails(atMs: number, kind: FailureClass, changes: Partial<Sign> = {}): Sign {
  const failure = { class: kind, message: `${kind} it said` }
  return { kind: kindOfFailure[kind], failure, nowMs: atMs, latencyMs: 0, ...changes }
}

const works = (atMs: number): Sign => ({ kind: 'answered', nowMs: atMs, latencyMs: 0 })

function after(signs: readonly Sign[], start: Health = firstHealth): Health {
  return signs.reduce((health, sign) => healthAfter(health, sign, patience), start)
}

function times(count: number, everyMs: number, kind: FailureClass): readonly Sign[] {
  return Array.from({ length: count }, (_, index) => fails(1_000 + index * everyMs, kind))
}

describe('a service that never answered', () => {
  it.each([
    ['transient', 3, 5_000, undefined],
    ['transient', 100, 20, undefined],
    ['transient', 4, 700, 'openai:fake does not answer (4 attempts in 2.1 s): transient it said'],
    ['timeout', 4, 700, 'openai:fake does not answer (4 attempts in 2.1 s): timeout it said'],
    ['auth', 1, 0, 'openai:fake cannot be used: auth it said'],
    ['rate_limit', 200, 600, undefined],
    [
      'rate_limit',
      13,
      10_000,
      'openai:fake refuses every request (13 attempts in 120 s): rate_limit it said',
    ],
    ['bad_request', 2, 10_000, undefined],
    [
      'bad_request',
      3,
      100,
      'openai:fake takes no request (3 attempts in 0.2 s): bad_request it said',
    ],
    ['context_overflow', 100, 10_000, undefined],
    ['bug', 100, 10_000, undefined],
  ] as const)('%s, %i times every %i ms: %s', (kind, count, everyMs, message) => {
    expect(after(times(count, everyMs, kind)).outage?.message).toBe(message)
  })

  it('counts the time from the start of the first attempt', () => {
    const late = (atMs: number): Sign => fails(atMs, 'timeout', { latencyMs: 120_000 })
    expect(after([0, 0, 0].map(() => late(120_000))).outage).toBeUndefined()
    expect(after([0, 0, 0, 0].map(() => late(120_000))).outage?.message).toBe(
      'openai:fake does not answer (4 attempts in 120 s): timeout it said',
    )
  })

  it('is there when it refuses, or will not do one request', () => {
    for (const kind of ['rate_limit', 'bad_request'] as const) {
      const signs = [...times(3, 700, 'transient'), fails(3_000, kind), fails(9_000, 'transient')]
      expect(after(signs).outage).toBeUndefined()
    }
  })
})

describe('a service that has worked', () => {
  const worked = after([works(0)])

  it.each([
    ['transient', 9, 10_000, false],
    ['transient', 100, 200, false],
    ['transient', 11, 3_000, true],
    ['auth', 4, 0, false],
    ['auth', 5, 0, true],
    ['bad_request', 100, 10_000, false],
  ] as const)('%s, %i times every %i ms: down is %s', (kind, count, everyMs, isDown) => {
    expect(after(times(count, everyMs, kind), worked).outage !== undefined).toBe(isDown)
  })

  it('starts from nothing after each answer', () => {
    const signs = [...times(10, 2_900, 'transient'), works(29_000), fails(60_000, 'transient')]
    expect(after(signs, worked).outage).toBeUndefined()
  })
})

describe('a service that takes no request', () => {
  const down = after(times(3, 100, 'bad_request'))

  it('is given up on with the class of its answers, until it answers', () => {
    expect(down.outage?.class).toBe('bad_request')
    expect(after([fails(5_000, 'bad_request'), fails(6_000, 'auth')], down).outage).toEqual(
      down.outage,
    )
    expect(after([works(5_000)], down).outage).toBeUndefined()
  })

  it('is there where it only finds one conversation too long', () => {
    const signs = [...times(2, 100, 'bad_request'), fails(2_000, 'context_overflow')]
    expect(after([...signs, fails(3_000, 'bad_request')]).outage).toBeUndefined()
  })
})

describe('a service that asks for too long a wait', () => {
  const asked = fails(1_000, 'rate_limit', { asksTooLongMs: 3_600_000 })

  it('is given up on at once, and tried again when it said', () => {
    expect(after([works(0), asked]).outage).toEqual({
      class: 'rate_limit',
      message:
        'openai:fake asks to wait 3600 s, and max_wait_seconds allows 60 s: rate_limit it said',
      probeAtMs: 3_601_000,
    })
  })
})

describe('an outage', () => {
  const down = after([fails(0, 'auth')])

  it('keeps its line while more of the same comes', () => {
    expect(after([fails(5_000, 'auth')], down).outage).toEqual(down.outage)
  })

  it.each([
    ['an answer', works(5_000)],
    ['a fault of one request', fails(5_000, 'bad_request')],
  ])('ends with %s', (_what, sign) => {
    expect(after([sign], down).outage).toBeUndefined()
  })

  it('goes on when nothing is learnt', () => {
    expect(after([fails(5_000, 'bug'), fails(5_000, 'transient')], down).outage).toEqual(
      down.outage,
    )
  })

  it('is probed every half minute', () => {
    expect(down.outage?.probeAtMs).toBe(30_000)
    expect(afterProbe(down, 40_000).outage?.probeAtMs).toBe(70_000)
    expect(afterProbe(firstHealth, 40_000)).toEqual(firstHealth)
  })
})
