import { describe, expect, it } from 'vitest'
import type { PolicyRule } from '../../src/schema/policy.ts'
import { someApprovers } from '../builders/approvers.ts'
import { call } from './builders.ts'
import { atDesk } from './controlled.ts'

const refund = (usd: number, id = 'O-1', reason?: string): ReturnType<typeof call> =>
  call('pay.refund', { id, usd }, reason === undefined ? {} : { reason })
const close = call('acct.delete', { id: 'C-1' }, { reason: 'the customer asked' })

const ana = { principal: 'ana', decision: 'approve', latency_ms: 1_000 } as const
const cap: PolicyRule & { readonly on_fail: 'escalate_to_human' } = {
  id: 'refund_cap',
  tool: 'pay.refund',
  condition: 'input.usd <= 20',
  on_fail: 'escalate_to_human',
  zero_tolerance: false,
}
const capped = { policy: { rules: [cap] } }

describe('an approval', () => {
  it('says who gave it, and which rules of the candidate it sets aside', async () => {
    const ran = await atDesk([[refund(40)], 'Done.'], {
      candidate: capped,
      approvers: [{ ...ana, kind: 'agent', trust: 3 }],
    })
    expect(ran.told).toEqual(['ok'])
    expect(ran.of('approval')).toMatchObject([
      {
        principal: 'ana',
        decision: 'approve',
        kind: 'agent',
        trust: 3,
        latencyMs: 1_000,
        overrides: ['refund_cap'],
      },
    ])
    expect(ran.line).toMatchObject({
      counts: { approvals: 1, overrides: 1, escalations: 1, approvalTimeouts: 0 },
      approvalLatenciesMs: [1_000],
    })
  })

  it('that a tier asks for sets nothing aside', async () => {
    const ran = await atDesk([[refund(60)], 'Done.'], { approvers: [ana] })
    expect(ran.told).toEqual(['ok'])
    expect(ran.of('approval')[0]).not.toHaveProperty('overrides')
    expect(ran.line.counts).toMatchObject({ approvals: 1, overrides: 0 })
  })

  it('sets nothing aside where it was not enough', async () => {
    const ran = await atDesk([[close], 'Done.'], {
      candidate: { policy: { rules: [{ ...cap, tool: 'acct.delete', condition: 'false' }] } },
      approvers: [ana],
    })
    expect(ran.told).toEqual(['approval_pending'])
    expect(ran.of('approval')[0]).not.toHaveProperty('overrides')
  })

  it('of somebody who may not give it is recorded, and what it needs is said', async () => {
    const approvers = someApprovers({ ...ana, trust: 3 }, { ...ana, principal: 'ben', trust: 4 })
    const ran = await atDesk([[close], 'Done.'], { approvers })
    expect(ran.of('approval').map(({ principal, trust }) => [principal, trust])).toEqual([
      ['ana', 3],
      ['ben', 4],
    ])
    expect(ran.of('tool.result')[0]?.error).toEqual({
      code: 'approval_pending',
      message:
        'handed to a human; nothing was done yet and the decision is still open; ' +
        'it needs an approver of trust 4',
    })
    expect(ran.state['accounts']).toHaveProperty('C-1')
  })

  it.each(['desk', 'Desk ', 'DESK\u200B'])('of the agent as %j is none', async (principal) => {
    const ran = await atDesk([[refund(60)], 'Done.'], {
      candidate: { identity: { principal: 'desk' } },
      approvers: [{ ...ana, principal }],
    })
    expect(ran.told).toEqual(['approval_pending'])
    expect(ran.of('tool.result')[0]?.error?.message).toMatch(/other than the agent itself$/)
  })

  it('of another agent needs more trust than the acting one has', async () => {
    const ask = async (trust: 3 | 4): Promise<readonly string[]> => {
      const ran = await atDesk([[refund(60)], 'Done.'], {
        candidate: { identity: { trust: 3 } },
        approvers: [{ ...ana, kind: 'agent', trust }],
      })
      return ran.told
    }
    expect(await ask(3)).toEqual(['approval_pending'])
    expect(await ask(4)).toEqual(['ok'])
  })
})

describe('the service level', () => {
  const late = { ...ana, latency_ms: 121_000 }

  it('passes over whoever is late, and asks the backups, on the clock of the trial', async () => {
    const backup = { ...ana, principal: 'ben', latency_ms: 3_000, backup: true }
    const ran = await atDesk([[refund(60)], 'Done.'], { approvers: [late, backup] })
    expect(ran.told).toEqual(['ok'])
    expect(ran.of('approval').map(({ decision, latencyMs }) => [decision, latencyMs])).toEqual([
      ['timeout', 120_000],
      ['approve', 3_000],
    ])
    expect(ran.line).toMatchObject({
      counts: { approvalTimeouts: 1, approvals: 1 },
      approvalLatenciesMs: [3_000],
      humanMs: 3_000,
    })
    const waits = ran.of('budget').filter(({ role }) => role === 'human')
    expect(waits.map(({ charges }) => charges[0]?.amount)).toEqual([123_000])
  })

  it('is that of the candidate', async () => {
    const candidate = { approvals: { sla_seconds: 0.5 } }
    const ran = await atDesk([[refund(60)], 'Done.'], { candidate, approvers: [ana] })
    expect(ran.told).toEqual(['approval_pending'])
    expect(ran.line.counts.approvalTimeouts).toBe(1)
    const patient = { candidate: { approvals: { sla_seconds: 121 } }, approvers: [late] }
    expect((await atDesk([[refund(60)], 'Done.'], patient)).told).toEqual(['ok'])
  })
})

describe('a stated reason', () => {
  it('is needed from the tier on that the candidate names, before anybody is asked', async () => {
    const setting = { candidate: { approvals: { justify_from: 2 as const } }, approvers: [ana] }
    const ran = await atDesk(
      [[refund(10), refund(60), refund(11, 'O-1', 'broken'), refund(61, 'O-1', 'lost')], 'Done.'],
      setting,
    )
    expect(ran.told).toEqual(['reason_required', 'reason_required', 'ok', 'ok'])
    expect(ran.of('tool.result')[0]?.error?.message).toBe(
      'an action of tier 2 needs a stated reason',
    )
    expect(ran.of('approval')).toHaveLength(1)
  })
})

describe('an identity', () => {
  it('that expires while people are asked does nothing any more', async () => {
    const identity = { expires: '2026-01-05T09:00:30Z' }
    const ran = await atDesk([[refund(60)], 'Done.'], {
      identity,
      approvers: [{ ...ana, latency_ms: 31_000 }],
    })
    expect(ran.told).toEqual(['denied_by_policy'])
    expect(ran.state['orders']).toMatchObject({ 'O-1': { refunded: 0 } })
    expect(ran.of('policy.decision').findLast(({ source }) => source === 'identity')).toMatchObject(
      {
        decision: 'deny',
        enforced: true,
        rules: [{ id: 'identity.expired' }],
      },
    )
    const soon = await atDesk([[refund(60)], 'Done.'], { identity, approvers: [ana] })
    expect(soon.told).toEqual(['ok'])
  })
})
