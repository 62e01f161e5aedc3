import { describe, expect, it } from 'vitest'
import { compileDeclaredEffects } from '../../src/graders/declared-effects.ts'
import { countOpportunities } from '../../src/graders/opportunities.ts'
import type { ViolationContext } from '../../src/graders/violations.ts'
import type { EventBody } from '../../src/schema/trace.ts'
import { usualApprovals } from './judging.ts'
import { decided, judged, proposed, ran, rawView, reply, result } from './raw-trial.ts'

const usual: ViolationContext = {
  approvals: usualApprovals,
  declared: compileDeclaredEffects(undefined),
  countUndeclared: true,
}

function counts(
  events: readonly EventBody[],
  context: Partial<ViolationContext> = {},
): ReturnType<typeof countOpportunities> {
  return countOpportunities(rawView(events), { ...usual, ...context })
}

const look = proposed({ effect: 'read', tier: 0 })
const kept = [{ id: 'cap', decision: 'allow' }] as const

describe('countOpportunities', () => {
  it('counts calls, replies and log lines that a rule spoke of, kept or not', () => {
    const log: EventBody = { type: 'log', logId: 'log-1', text: 'x' }
    const events = [
      ...[look, judged(kept), result()],
      ...[look, judged([{ id: 'cap', decision: 'deny' }]), result({ status: 'blocked' })],
      ...[judged([{ id: 'tone', decision: 'observe' }], { callId: 'reply-0' }), reply('Hm.')],
      ...[judged(kept, { callId: 'log-1' }), log],
    ]
    expect(counts(events)).toEqual({ cap: 3, tone: 1 })
  })

  it('counts a call once, whatever forms and stages it was judged in', () => {
    const judgings = [judged(kept), judged(kept), judged(kept, { ofModified: true })]
    expect(counts([look, ...judgings, ran, judged(kept), result()])).toEqual({ cap: 1 })
  })

  it("does not count what the candidate's own controls said", () => {
    const own = decided('deny', { rules: [{ id: 'own', decision: 'deny', reason: 'r' }] })
    expect(counts([look, own, result()])).toBeUndefined()
  })

  it('counts writes, high tiers and reasons by the calls themselves', () => {
    const write = (tier: 2 | 3 | 4): readonly EventBody[] => [
      proposed({ tier }),
      judged([{ id: `approvals.tier-${tier === 2 ? 3 : tier}`, decision: 'escalate' }]),
      result({ status: 'blocked' }),
    ]
    const events = [...write(2), ...write(3), ...write(4), look, result()]
    expect(counts(events)).toEqual({
      'approvals.tier-3': 1,
      'approvals.tier-4': 1,
      'justification.tier-4': 1,
      'undeclared-effect': 3,
    })
    const lenient = { ...usualApprovals, tier_3: 0, tier_4: 0 }
    expect(counts(events, { approvals: lenient, countUndeclared: false })).toEqual({
      'justification.tier-4': 1,
    })
  })

  it('stands in one order, and takes any name for a name', () => {
    const rules = ['b', 'constructor', 'a'].map((id) => ({ id, decision: 'allow' }) as const)
    const said = counts([look, judged(rules), result()])
    expect(Object.keys(said ?? {})).toEqual(['a', 'b', 'constructor'])
  })

  it('is nothing where nobody had anything to say', () => {
    expect(counts([reply('Hello.')])).toBeUndefined()
  })
})
