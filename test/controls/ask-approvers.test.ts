import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApprovalRequest, askApprovers } from '../../src/controls/ask-approvers.ts'
import type { Approver } from '../../src/schema/case.ts'
import { someApprovers } from '../builders/approvers.ts'

const request: ApprovalRequest = {
  needed: 1,
  tier: 3,
  agent: 'agent',
  agentTrust: 2,
  slaMs: 120_000,
}

function ask(needed: number, ...answers: readonly [string, Approver['decision']][]): string {
  const approvers = answers.map(([principal, decision]) => ({ principal, decision, latency_ms: 5 }))
  return askApprovers(someApprovers(...approvers), { ...request, needed }).outcome
}

describe('askApprovers', () => {
  it('needs as many different people as the tier asks for', () => {
    expect(ask(1, ['ana', 'approve'])).toBe('approve')
    expect(ask(2, ['ana', 'approve'])).toBe('pending')
    expect(ask(2, ['ana', 'approve'], ['ana', 'approve'])).toBe('pending')
    expect(ask(2, ['ana', 'approve'], ['ben', 'approve'])).toBe('approve')
    expect(ask(2, ['ana', 'approve'], ['ben', 'pending'])).toBe('pending')
  })

  it('one no is a no', () => {
    expect(ask(1, ['ana', 'approve'], ['ben', 'deny'])).toBe('deny')
    expect(ask(1, ['ana', 'deny'], ['ana', 'approve'])).toBe('deny')
  })

  it('does not let an agent approve its own action, and says so', () => {
    expect(ask(1, ['agent', 'approve'])).toBe('pending')
    expect(ask(2, ['agent', 'approve'], ['ana', 'approve'])).toBe('pending')
    expect(ask(1, ['agent', 'approve'], ['ana', 'approve'])).toBe('approve')
    const own = someApprovers({ principal: 'Agent ', decision: 'approve' })
    expect(askApprovers(own, request)).toMatchObject({
      outcome: 'pending',
      objections: ['needs an approver other than the agent itself'],
      deciding: [],
    })
  })

  it.each([
    ['approve', 60_000],
    ['deny', 60_000],
    ['pending', 0],
  ] as const)('%s for short stands for as many people as needed', (decision, latencyMs) => {
    const asked = askApprovers(decision, { ...request, needed: 2, tier: 4 })
    expect(asked.outcome).toBe(decision)
    expect(asked.answers).toEqual([
      { principal: 'approver-1', decision, latencyMs, kind: 'human', trust: 4 },
      { principal: 'approver-2', decision, latencyMs, kind: 'human', trust: 4 },
    ])
    expect(asked.waitedMs).toBe(latencyMs)
  })

  it('records who is not trusted with the tier, and does not count them', () => {
    const approvers = someApprovers(
      { principal: 'intern', decision: 'approve', trust: 2 },
      { principal: 'trainee', decision: 'deny', trust: 2 },
      { principal: 'bot', decision: 'approve', kind: 'agent', trust: 4 },
    )
    const asked = askApprovers(approvers, { ...request, agentTrust: 4 })
    expect(asked.outcome).toBe('pending')
    expect(asked.answers.map(({ principal, trust }) => [principal, trust])).toEqual([
      ['intern', 2],
      ['trainee', 2],
      ['bot', 4],
    ])
    expect(asked.objections).toEqual([
      'needs an approver of trust 3',
      'needs a person, or an agent of more trust than 4',
    ])
    expect(askApprovers(approvers, request)).toMatchObject({
      outcome: 'approve',
      deciding: [{ principal: 'bot' }],
    })
  })

  it('waits for the slowest of those who are asked together', () => {
    const approvers = someApprovers(
      { principal: 'ana', decision: 'approve', latency_ms: 10 },
      { principal: 'ben', decision: 'approve', latency_ms: 90 },
    )
    expect(askApprovers(approvers, request).waitedMs).toBe(90)
  })
})

describe('who has not answered in time', () => {
  const late = { principal: 'ana', decision: 'approve', latency_ms: 120_001 } as const
  const stand = { principal: 'ben', decision: 'approve', latency_ms: 7_000, backup: true } as const

  it('has not answered, and has cost the whole time', () => {
    expect(askApprovers(someApprovers(late), request)).toMatchObject({
      outcome: 'pending',
      answers: [{ principal: 'ana', decision: 'timeout', latencyMs: 120_000 }],
      waitedMs: 120_000,
      objections: [],
    })
    const punctual = someApprovers({ ...late, latency_ms: 120_000 })
    expect(askApprovers(punctual, request).outcome).toBe('approve')
  })

  it('is stood in for by the backups, whose time comes on top', () => {
    const asked = askApprovers(someApprovers(stand, late), request)
    expect(asked).toMatchObject({ outcome: 'approve', waitedMs: 127_000 })
    expect(asked.answers.map(({ decision, principal }) => [principal, decision])).toEqual([
      ['ana', 'timeout'],
      ['ben', 'approve'],
    ])
    expect(asked.deciding).toMatchObject([{ principal: 'ben' }])
  })

  it('cannot be stood in for by itself, nor twice by one person', () => {
    const again = { ...stand, principal: 'ANA' }
    const asked = askApprovers(someApprovers(late, again), request)
    expect(asked).toMatchObject({ outcome: 'pending', waitedMs: 120_000 })
    expect(asked.answers).toHaveLength(1)
    const two = { ...request, needed: 2 }
    const twice = askApprovers(someApprovers(late, stand, { ...stand, principal: 'ben ' }), two)
    expect(twice.outcome).toBe('pending')
  })

  it('is stood in for by nobody who is late as well', () => {
    const asked = askApprovers(someApprovers(late, { ...stand, latency_ms: 1e9 }), request)
    expect(asked).toMatchObject({ outcome: 'pending', waitedMs: 240_000 })
  })

  it('needs nobody where it is decided without them', () => {
    const others = [
      ['approve', 'approve'],
      ['deny', 'deny'],
    ] as const
    for (const [decision, outcome] of others) {
      const approvers = someApprovers(late, { principal: 'carl', decision, latency_ms: 1 }, stand)
      const asked = askApprovers(approvers, request)
      expect(asked).toMatchObject({ outcome, waitedMs: 120_000 })
      expect(asked.answers.map(({ principal }) => principal)).toEqual(['ana', 'carl'])
    }
  })

  it('is not somebody whose decision is open: then no backup is asked', () => {
    const open = someApprovers({ principal: 'ana', decision: 'pending', latency_ms: 5 }, stand)
    expect(askApprovers(open, request)).toMatchObject({ outcome: 'pending', waitedMs: 5 })
  })

  it('denies through a backup, too', () => {
    const asked = askApprovers(someApprovers(late, { ...stand, decision: 'deny' }), request)
    expect(asked.outcome).toBe('deny')
  })
})

it('asks nobody in two rounds, and waits no longer than both rounds last', () => {
  const approver = fc.record({
    principal: fc.constantFrom('ana', 'ben', 'carl', 'agent'),
    decision: fc.constantFrom('approve', 'deny', 'pending'),
    latency_ms: fc.constantFrom(0, 1_000, 120_000, 120_001, 500_000),
    kind: fc.constantFrom('human', 'agent'),
    trust: fc.constantFrom(0, 2, 3, 4),
    backup: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(approver, { minLength: 1, maxLength: 6 }), (written) => {
      const approvers = written as Approver[]
      const asked = askApprovers(approvers, request)
      const first = approvers.filter(({ backup }) => !backup).map(({ principal }) => principal)
      const later = asked.answers.slice(first.length).map(({ principal }) => principal)
      expect(later.filter((principal) => first.includes(principal))).toEqual([])
      expect(asked.waitedMs).toBeLessThanOrEqual(240_000)
      expect(asked).toEqual(askApprovers(approvers, request))
      if (asked.outcome !== 'approve') expect(asked.deciding).toEqual([])
    }),
  )
})
