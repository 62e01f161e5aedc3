import { expect, it } from 'vitest'
import { actedRules } from '../../src/graders/acted-rules.ts'
import type { RuleDecision } from '../../src/schema/control-events.ts'
import type { EventOf, TraceEvent } from '../../src/schema/trace.ts'

let seq = 0

function aDecision(
  rules: readonly Partial<RuleDecision>[],
  changes: Partial<EventOf<'policy.decision'>> = {},
): TraceEvent {
  seq += 1
  return {
    type: 'policy.decision',
    callId: 'call-1',
    source: 'policy',
    decision: 'deny',
    enforced: true,
    rules: rules.map((rule) => ({ id: 'cap', decision: 'deny', reason: 'no', ...rule })),
    seq,
    tMs: 0,
    ...changes,
  }
}

it('counts what own rules did beside allowing, in the order of what and who', () => {
  const events = [
    aDecision([{}, { id: 'ok', decision: 'allow' }]),
    aDecision([{}, { id: 'try', decision: 'observe' }], { source: 'identity' }),
    aDecision([{ id: 'people', decision: 'escalate' }], { source: 'tier' }),
  ]
  expect(actedRules(events)).toEqual([
    { rule: 'cap', did: 'deny', count: 2 },
    { rule: 'people', did: 'escalate', count: 1 },
    { rule: 'try', did: 'observe', count: 1 },
  ])
})

it('tells denials that nobody decided apart, with the first cause', () => {
  const events = [
    aDecision([{ error: 'connection refused' }, {}]),
    aDecision([{ error: 'timeout' }]),
    aDecision([{ id: 'long', error: 'x'.repeat(5_000) }]),
  ]
  const [decided, broken, long] = actedRules(events)
  expect(decided).toEqual({ rule: 'cap', did: 'deny', count: 1 })
  expect(broken).toEqual({ rule: 'cap', did: 'error', count: 2, why: 'connection refused' })
  expect(long?.why?.length).toBeLessThanOrEqual(160)
})

it('leaves out who judges, and what was asked again of a changed form', () => {
  const events = [
    aDecision([{}], { source: 'judging' }),
    aDecision([{}], { ofModified: true }),
    aDecision([{ decision: 'allow' }]),
  ]
  expect(actedRules(events)).toEqual([])
})
