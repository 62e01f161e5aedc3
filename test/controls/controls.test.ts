import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ActionContext,
  type Controls,
  createControls,
  type ProposedAction,
} from '../../src/controls/controls.ts'
import { executedCall } from '../../src/controls/executed-call.ts'
import { toExprValue } from '../../src/expr/value.ts'
import type { Candidate } from '../../src/schema/candidate.ts'
import type { PolicyRule } from '../../src/schema/policy.ts'
import { parseCandidate } from '../../src/suites/load-candidate.ts'
import { aCandidate, aJudgingPolicy } from '../builders/candidate.ts'
import { publishedExample } from '../builders/published-example.ts'

function aRefund(changes: Partial<ProposedAction> = {}): ProposedAction {
  return {
    tool: 'payments.issue_refund',
    args: { order_id: 'O-1', amount_usd: 50 },
    tier: 2,
    effect: 'write',
    ...changes,
  }
}

const context: ActionContext = {
  agent: { principal: 'agent', scopes: ['refunds'] },
  calls: [],
  now: '2026-01-05T09:00:00.000Z',
  state: toExprValue({ orders: { 'O-1': { paid: true } } }),
}

function rule(condition: string, more: Partial<PolicyRule> = {}): PolicyRule {
  return { id: 'rule', condition, on_fail: 'deny', ...more }
}

function own(...rules: PolicyRule[]): Controls {
  return createControls(aCandidate({ policy: { rules } }), aJudgingPolicy())
}

function judging(...rules: PolicyRule[]): Controls {
  return createControls(aCandidate(), aJudgingPolicy({ rules }))
}

describe('the published example', () => {
  let controls: Controls

  beforeAll(async () => {
    const loaded = await parseCandidate(publishedExample, 'agent_config.yaml', {
      models: { small: 'reference:', frontier: 'reference:' },
      overrides: { models: {}, set: [] },
      readPromptFile: () => Promise.resolve(undefined),
    })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    const candidate: Candidate = loaded.value
    controls = createControls(candidate, aJudgingPolicy())
  })

  it.each([
    [60, 'escalate'],
    [50.01, 'escalate'],
    [50, 'allow'],
    [0, 'allow'],
  ])('refund_cap: %d dollars: %s', (amount_usd, decision) => {
    const decisions = controls.decideCall(aRefund({ args: { amount_usd } }), context)
    expect(decisions).toMatchObject([
      { source: 'policy', decision, rules: [{ id: 'refund_cap', decision }] },
    ])
  })

  it('refund_cap denies an amount that is no number', () => {
    const [said] = controls.decideCall(aRefund({ args: { amount_usd: '1' } }), context)
    expect(said?.decision).toBe('deny')
    expect(said?.rules[0]?.error).toBeDefined()
  })

  it('pii_redaction blocks a reply with an e-mail address and alerts', () => {
    expect(controls.decideReply('Write to bob@example.com.', context)).toMatchObject({
      decision: 'deny',
      alert: true,
      rules: [{ id: 'pii_redaction', decision: 'deny' }],
    })
    const said = controls.decideReply('Your refund is on its way.', context)
    expect(said).toMatchObject({ decision: 'allow' })
    expect(said).not.toHaveProperty('alert')
  })

  it('pii_redaction does not withhold a ticket from the agent', () => {
    const read = aRefund({ tool: 'crm.read_ticket', effect: 'read', tier: 0 })
    expect(controls.decideResult(read, { from: 'bob@example.com' }, context)).toBeUndefined()
  })

  it('allows the tools on the list and no others', () => {
    expect(controls.decideTool('payments.issue_refund')).toBeUndefined()
    expect(controls.decideCall(aRefund({ tool: 'payments.void' }), context)).toMatchObject([
      { source: 'allowlist', decision: 'deny', rules: [{ id: 'tools.allowlist' }] },
    ])
    for (const tool of ['constructor', '__proto__', 'payments.issue_refund ', '']) {
      expect(controls.decideTool(tool)?.decision).toBe('deny')
    }
  })
})

describe('createControls', () => {
  it('without an allowlist every tool is allowed', () => {
    expect(own().decideCall(aRefund({ tool: 'anything' }), context)).toEqual([])
    const none = createControls(aCandidate({ tools: { allowlist: [] } }), aJudgingPolicy())
    expect(none.decideTool('anything')?.decision).toBe('deny')
  })

  it('asks for approvals of tier 3 and 4 besides the policy', () => {
    const controls = own(rule('true'))
    const sources = (tier: ProposedAction['tier']): readonly string[] =>
      controls
        .decideCall(aRefund({ tier }), context)
        .map((said) => `${said.source} ${said.decision}`)
    expect(sources(2)).toEqual(['policy allow'])
    expect(sources(3)).toEqual(['policy allow', 'tier escalate'])
    expect(sources(4)).toEqual(['policy allow', 'tier escalate'])
  })

  it('asks as many as the configuration says, and judges by the organisation', () => {
    const loose = createControls(aCandidate({ approvals: { tier_3: 0 } }), aJudgingPolicy())
    expect(loose.decideCall(aRefund({ tier: 3 }), context)).toEqual([])
    expect(loose.judgeCall(aRefund({ tier: 3 }), context)).toMatchObject({
      source: 'judging',
      decision: 'escalate',
      rules: [{ id: 'approvals.tier-3' }],
    })
  })

  it('shows the world to the judging policy only', () => {
    const seesState = rule("state.orders['O-1'].paid")
    expect(judging(seesState).judgeCall(aRefund(), context)).toMatchObject({ decision: 'allow' })
    const [said] = own(seesState).decideCall(aRefund(), context)
    expect(said).toMatchObject({
      decision: 'deny',
      rules: [{ error: expect.any(String) as string }],
    })

    const ofOutput = rule("state.orders['O-1'].paid && output.text != ''")
    expect(judging(ofOutput).judgeReply('hello', context)?.decision).toBe('allow')
    expect(own(ofOutput).decideReply('hello', context)?.rules[0]?.error).toBeDefined()
    const ofResult = { ...ofOutput, tool: '*' }
    expect(judging(ofResult).judgeResult(aRefund(), 'hello', context)?.decision).toBe('allow')
    expect(own(ofResult).decideResult(aRefund(), 'hello', context)?.rules[0]?.error).toBeDefined()
  })

  it('a judging rule about approvals does not soften a denial', () => {
    const said = judging(rule('false')).judgeCall(aRefund({ tier: 4 }), context)
    expect(said?.decision).toBe('deny')
    expect(said?.rules.map((each) => each.id)).toEqual(['rule', 'approvals.tier-4'])
    const allowed = judging(rule('true')).judgeCall(aRefund({ tier: 4 }), context)
    expect(allowed?.decision).toBe('escalate')
  })

  it('tells rules the call, who asks, when, and what was done before', () => {
    const done = executedCall({ tool: 'crm.read', args: {}, result: { verified: true } })
    const conditions = [
      "tool.name == 'payments.issue_refund' && tool.tier == 2 && tool.effect == 'write'",
      "'refunds' in agent.scopes && agent.principal == 'agent'",
      "calls.exists(c, c.tool == 'crm.read' && c.result.verified)",
      "now.startsWith('2026-01-05')",
    ]
    for (const condition of conditions) {
      const seen = { ...context, calls: [done] }
      expect(own(rule(condition)).decideCall(aRefund(), seen)[0]?.decision).toBe('allow')
    }
  })

  it.each([
    ['a text', 'bob@example.com', 'email'],
    ['a member', { a: [{ b: 'bob@example.com' }] }, 'email'],
    ['a key', { 'bob@example.com': 1 }, 'email'],
    ['a number', { card: 4111111111111111 }, 'card'],
    ['a text after a line break', { note: 'IBAN:\nDE89370400440532013000' }, 'iban'],
    ['a number after a tab', ['\t078-05-1120'], 'ssn'],
  ])('finds personal data in %s', (_, output, kind) => {
    const asked = rule(`output.contains_pii && output.pii_kinds == ['${kind}']`, { tool: '*' })
    expect(own(asked).decideResult(aRefund(), output, context)?.decision).toBe('allow')
  })

  it('does not add up personal data from several texts', () => {
    const asked = rule('!output.contains_pii', { tool: '*' })
    const output = ['4111', '1111', '1111', '1111', 'bob@', 'example.com']
    expect(own(asked).decideResult(aRefund(), output, context)?.decision).toBe('allow')
  })

  it('hostile arguments are values like any other', () => {
    const args = JSON.parse(
      '{"__proto__": {"amount_usd": 1}, "constructor": 2}',
    ) as ProposedAction['args']
    const [said] = own(rule('input.amount_usd <= 50')).decideCall(aRefund({ args }), context)
    expect(said?.decision).toBe('deny')
    const [kept] = own(rule('size(input) == 2 && input.__proto__.amount_usd == 1')).decideCall(
      aRefund({ args }),
      context,
    )
    expect(kept?.decision).toBe('allow')
  })

  it('carries the version of the policy that spoke', () => {
    const [said] = own(rule('true')).decideCall(aRefund(), context)
    expect(said?.version).toBe('r1')
    const judged = judging(rule('true')).judgeCall(aRefund(), context)
    expect(judged?.version).toMatch(/^sha256:/)
    expect(judging(rule('true || false')).judgeCall(aRefund(), context)?.version).not.toBe(
      judged?.version,
    )
  })
})
