import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ApproverAnswer,
  type AwaitingAction,
  approvalsIn,
  objectionTo,
  personOf,
  settle,
} from '../../src/controls/entitled.ts'

const action: AwaitingAction = { tier: 3, agent: 'desk-agent', agentTrust: 2 }

function answer(changes: Partial<ApproverAnswer> = {}): ApproverAnswer {
  return { principal: 'ana', decision: 'approve', ...changes }
}

describe('objectionTo', () => {
  it('has none to a person who is trusted with the tier; without a word, that is a person of trust 4', () => {
    expect(objectionTo(answer(), { ...action, tier: 4 })).toBeUndefined()
    expect(objectionTo(answer({ trust: 3 }), action)).toBeUndefined()
    expect(objectionTo(answer({ trust: 2 }), action)).toBe('needs an approver of trust 3')
    expect(objectionTo(answer({ trust: 2 }), { ...action, tier: 2 })).toBeUndefined()
  })

  it.each([
    'desk-agent',
    'Desk-Agent',
    ' desk-agent\n',
    'desk\u200B-agent',
    'ｄｅｓｋ-ａｇｅｎｔ',
    '\u2060desk-agent\uFEFF',
  ])('knows the acting agent in %j', (principal) => {
    expect(objectionTo(answer({ principal }), action)).toBe(
      'needs an approver other than the agent itself',
    )
  })

  it('knows a name in both forms of Unicode', () => {
    const agent = 'b\u00e9atrice'
    expect(objectionTo(answer({ principal: 'be\u0301atrice' }), { ...action, agent })).toBeDefined()
    expect(objectionTo(answer({ principal: 'beatrice' }), { ...action, agent })).toBeUndefined()
  })

  it.each([' ', '\u200B', '\n\t'])('takes %j for nobody', (principal) => {
    expect(objectionTo(answer({ principal }), action)).toBe('needs an approver with a name')
  })

  it('lets another agent approve only with more trust than the acting one', () => {
    const agents = ([2, 3, 4] as const).map((trust) => answer({ kind: 'agent', trust }))
    const trusting = (agentTrust: 1 | 2 | 3 | 4, tier: 2 | 3): readonly boolean[] =>
      agents.map((one) => objectionTo(one, { ...action, agentTrust, tier }) === undefined)
    expect(trusting(2, 3)).toEqual([false, true, true])
    expect(trusting(2, 2)).toEqual([false, true, true])
    expect(trusting(1, 2)).toEqual([true, true, true])
    expect(trusting(3, 3)).toEqual([false, false, true])
    expect(trusting(4, 3)).toEqual([false, false, false])
    expect(objectionTo(answer({ kind: 'agent', trust: 3 }), { ...action, agentTrust: 3 })).toBe(
      'needs a person, or an agent of more trust than 3',
    )
  })
})

describe('settle', () => {
  const yes = (...principals: readonly string[]): readonly ApproverAnswer[] =>
    principals.map((principal) => answer({ principal }))

  it('needs different people', () => {
    expect(settle(yes('ana', 'ben'), 2, action)).toBe('approve')
    expect(settle(yes('ana', 'ana'), 2, action)).toBe('pending')
    expect(settle(yes('ana', 'Ana '), 2, action)).toBe('pending')
    expect(settle([], 1, action)).toBe('pending')
  })

  it('takes one no of somebody entitled for a no, whatever else they said', () => {
    const no = answer({ principal: 'ana', decision: 'deny' })
    expect(settle([...yes('ben', 'carl'), no], 2, action)).toBe('deny')
    expect(settle([no, ...yes('ana')], 1, action)).toBe('deny')
    expect(settle([...yes('ana'), no], 1, action)).toBe('deny')
    expect(settle([...yes('ben'), { ...no, trust: 1 }], 1, action)).toBe('approve')
    expect(settle([...yes('ben'), { ...no, principal: 'desk-agent' }], 1, action)).toBe('approve')
  })

  it('takes silence for nothing', () => {
    const silent = [answer({ decision: 'pending' }), answer({ decision: 'timeout' })]
    expect(settle(silent, 1, action)).toBe('pending')
    expect(settle([...silent, ...yes('ben')], 1, action)).toBe('approve')
  })

  const answers = fc.array(
    fc.record({
      principal: fc.constantFrom('ana', 'ANA', 'ben', 'desk-agent', 'desk-agent '),
      decision: fc.constantFrom('approve', 'deny', 'pending', 'timeout'),
      kind: fc.constantFrom('human', 'agent'),
      trust: fc.constantFrom(0, 1, 2, 3, 4),
    }),
    { maxLength: 8 },
  )

  it('never approves by more than there are people, and never by the agent itself', () => {
    fc.assert(
      fc.property(answers, fc.integer({ min: 1, max: 4 }), (given, needed) => {
        const told = given as readonly ApproverAnswer[]
        const people = new Set(
          told
            .filter(({ decision }) => decision === 'approve')
            .map(({ principal }) => principal.trim().toLowerCase()),
        )
        people.delete('desk-agent')
        if (settle(told, needed, action) === 'approve') {
          expect(people.size).toBeGreaterThanOrEqual(needed)
        }
      }),
    )
  })

  it('is not moved by the order of answers', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const told = given as readonly ApproverAnswer[]
        expect(settle(told.toReversed(), 1, action)).toBe(settle(told, 1, action))
      }),
    )
  })
})

describe('approvalsIn', () => {
  it('is the first approval of each person', () => {
    const first = answer({ principal: 'ana' })
    const said = [answer({ decision: 'deny' }), first, answer({ principal: 'ANA' })]
    expect(approvalsIn(said)).toEqual([first])
  })
})

describe('personOf', () => {
  it('keeps apart who only looks alike in part', () => {
    expect(new Set(['ana', 'anna', 'ana-1', 'an a'].map(personOf)).size).toBe(4)
  })
})
