import { beforeAll, describe, expect, it } from 'vitest'
import { celEngine } from '../../../../src/controls/engines/cel/cel-engine.ts'
import type { PolicyEngine } from '../../../../src/controls/policy-engine.ts'
import { isDataAbsent, needsData } from '../../../real-data/data-folder.ts'
import { publishedCandidate } from '../../../real-data/published-candidate.ts'
import { aCall, aReply, aResult } from './ask.ts'

describe.skipIf(isDataAbsent)(needsData('agent_config.yaml, byte for byte'), () => {
  let engine: PolicyEngine

  beforeAll(async () => {
    const { policy, versions } = await publishedCandidate()
    engine = celEngine(policy.rules, { version: versions.policy, seesState: false })
  })

  it.each([
    [60, 'escalate'],
    [50.01, 'escalate'],
    [50, 'allow'],
    [0, 'allow'],
  ])('refund_cap: %d dollars: %s', (amount_usd, decision) => {
    expect(engine.decide(aCall({ args: { amount_usd } }))).toMatchObject({
      engine: 'cel',
      decision,
      rules: [{ id: 'refund_cap', decision }],
    })
  })

  it('refund_cap denies an amount that is no number', () => {
    expect(engine.decide(aCall({ args: { amount_usd: '60' } }))).toMatchObject({
      decision: 'deny',
      rules: [{ error: expect.any(String) as string }],
    })
  })

  it('pii_redaction blocks a reply with an e-mail address and alerts', async () => {
    expect(await engine.decide(aReply('Write to bob@example.com.'))).toMatchObject({
      decision: 'deny',
      alert: true,
      rules: [{ id: 'pii_redaction', decision: 'deny' }],
    })
    const kept = await engine.decide(aReply('Your refund is on its way.'))
    expect(kept).toMatchObject({ decision: 'allow' })
    expect(kept).not.toHaveProperty('alert')
  })

  it('pii_redaction does not withhold a ticket from the agent', () => {
    const ticket = { from: 'bob@example.com' }
    expect(engine.decide(aResult(ticket, { tool: 'crm.read_ticket' }))).toBeUndefined()
  })
})
