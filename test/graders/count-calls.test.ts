import { describe, expect, it } from 'vitest'
import { countCalls } from '../../src/graders/count-calls.ts'
import type { EventBody } from '../../src/schema/trace.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { changedTo, decided, judged, proposed, ran, rawView, reply, result } from './raw-trial.ts'

function counts(...events: readonly EventBody[]): TrialLine['counts'] {
  return countCalls(rawView(events))
}

const blocked = result({ status: 'blocked' })

describe('countCalls', () => {
  it('counts actions and replies that passed in another form, each once', () => {
    const about = { callId: 'reply-0' }
    expect(
      counts(
        ...[proposed(), changedTo({ usd: 50 }), ran, changedTo({ clean: true }), result()],
        ...[proposed(), ran, changedTo('[email]'), result()],
        ...[proposed(), changedTo({ usd: 50 }), decided('deny'), blocked],
        ...[proposed(), changedTo({ usd: 50 }, { enforced: false }), ran, result()],
        ...[changedTo('[email]', about), reply('bob@example.com', { withheld: true })],
        reply('[email]', { modified: true }),
      ).modified,
    ).toBe(3)
  })

  it('counts alerts that were carried out, about calls, words and log lines', () => {
    const log: EventBody = { type: 'log', logId: 'log-1', text: 'x', withheld: true }
    const alert = { alert: true }
    expect(
      counts(
        ...[proposed(), decided('deny', alert), judged([], alert), blocked],
        ...[decided('deny', { ...alert, callId: 'reply-0' }), reply('x', { withheld: true })],
        ...[decided('deny', { ...alert, callId: 'log-1' }), log],
        ...[proposed(), decided('deny', { ...alert, enforced: false }), ran, result()],
      ).alerts,
    ).toBe(3)
  })

  it('counts what was drawn for a look, once it was done', () => {
    const rules = [{ id: 'review.tier-2', decision: 'allow' as const, reason: 'drawn' }]
    const drawn = decided('allow', { source: 'tier', rules })
    expect(
      counts(
        ...[proposed(), drawn, ran, result()],
        ...[proposed(), drawn, decided('deny'), blocked],
      ).reviews,
    ).toBe(1)
  })

  it('counts approvals, who was late, and rules that were set aside', () => {
    const said = (decision: 'approve' | 'deny' | 'timeout', overrides?: string[]): EventBody => ({
      type: 'approval',
      callId: 'c1',
      principal: 'ana',
      decision,
      latencyMs: 5,
      ...(overrides && { overrides }),
    })
    expect(
      counts(
        ...[proposed(), said('timeout'), said('approve', ['cap', 'hours']), ran, result()],
        ...[proposed(), said('timeout'), said('deny'), blocked],
      ),
    ).toMatchObject({ approvals: 1, approvalTimeouts: 2, overrides: 1, escalations: 2 })
  })

  it('counts rules that could not be evaluated, also those about log lines', () => {
    const rules = [{ id: 'r', decision: 'deny' as const, reason: 'x', error: 'no such key' }]
    const log: EventBody = { type: 'log', logId: 'log-1', text: 'x', withheld: true }
    expect(counts(decided('deny', { callId: 'log-1', rules }), log).policyErrors).toBe(1)
  })
})
