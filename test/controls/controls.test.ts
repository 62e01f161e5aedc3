import { beforeAll, describe, expect, it } from 'vitest'
import type { ControlDecision } from '../../src/controls/control-decision.ts'
import { type Controls, createControls } from '../../src/controls/controls.ts'
import { executedCall } from '../../src/controls/executed-call.ts'
import type {
  ActionContext,
  PolicyEngine,
  ProposedAction,
} from '../../src/controls/policy-engine.ts'
import { toExprValue } from '../../src/expr/value.ts'
import type { Candidate } from '../../src/schema/candidate.ts'
import type { JsonValue } from '../../src/schema/json.ts'
import { type PolicyRule, policyRule } from '../../src/schema/policy.ts'
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
  return policyRule.parse({ id: 'rule', condition, ...more })
}

function own(...rules: PolicyRule[]): Controls {
  return createControls(aCandidate({ policy: { rules } }), aJudgingPolicy())
}

function judging(...rules: PolicyRule[]): Controls {
  return createControls(aCandidate(), aJudgingPolicy({ rules }))
}

/** What is said of a call, a result or a reply, by the candidate's controls or by the judging policy. */
type Asked = readonly [controls: Controls, context?: ActionContext]

function onCall([controls, seen = context]: Asked, action = aRefund()): Promise<Said> {
  return controls.decide({ stage: 'call', action, context: seen })
}

function onResult([controls]: Asked, output: JsonValue, action = aRefund()): Promise<Said> {
  return controls.decide({ stage: 'result', action, output, context })
}

function onReply([controls]: Asked, output: string): Promise<Said> {
  return controls.decide({ stage: 'reply', output, context })
}

/** The same, asked of the judging policy. */
function judge({ judge: decide, ...controls }: Controls): Asked {
  return [{ ...controls, judge: decide, decide }]
}

type Said = readonly ControlDecision[]

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
  ])('refund_cap: %d dollars: %s', async (amount_usd, decision) => {
    expect(await onCall([controls], aRefund({ args: { amount_usd } }))).toMatchObject([
      { source: 'policy', decision, rules: [{ id: 'refund_cap', decision }] },
    ])
  })

  it('refund_cap denies an amount that is no number', async () => {
    const [said] = await onCall([controls], aRefund({ args: { amount_usd: '1' } }))
    expect(said?.decision).toBe('deny')
    expect(said?.rules[0]?.error).toBeDefined()
  })

  it('pii_redaction blocks a reply with an e-mail address and alerts', async () => {
    expect(await onReply([controls], 'Write to bob@example.com.')).toMatchObject([
      { decision: 'deny', alert: true, rules: [{ id: 'pii_redaction', decision: 'deny' }] },
    ])
    const [said] = await onReply([controls], 'Your refund is on its way.')
    expect(said).toMatchObject({ decision: 'allow' })
    expect(said).not.toHaveProperty('alert')
  })

  it('pii_redaction does not withhold a ticket from the agent', async () => {
    const read = aRefund({ tool: 'crm.read_ticket', effect: 'read', tier: 0 })
    expect(await onResult([controls], { from: 'bob@example.com' }, read)).toEqual([])
  })

  it('allows the tools on the list and no others', async () => {
    expect(controls.decideTool('payments.issue_refund')).toBeUndefined()
    expect(await onCall([controls], aRefund({ tool: 'payments.void' }))).toMatchObject([
      { source: 'allowlist', decision: 'deny', rules: [{ id: 'tools.allowlist' }] },
    ])
    for (const tool of ['constructor', '__proto__', 'payments.issue_refund ', '']) {
      expect(controls.decideTool(tool)?.decision).toBe('deny')
    }
  })
})

describe('createControls', () => {
  it('without an allowlist every tool is allowed', async () => {
    expect(await onCall([own()], aRefund({ tool: 'anything' }))).toEqual([])
    const none = createControls(aCandidate({ tools: { allowlist: [] } }), aJudgingPolicy())
    expect(none.decideTool('anything')?.decision).toBe('deny')
  })

  it('asks for approvals of tier 3 and 4 besides the policy', async () => {
    const controls = own(rule('true'))
    const sources = async (tier: ProposedAction['tier']): Promise<readonly string[]> =>
      (await onCall([controls], aRefund({ tier }))).map((said) => `${said.source} ${said.decision}`)
    expect(await sources(2)).toEqual(['policy allow'])
    expect(await sources(3)).toEqual(['policy allow', 'tier escalate'])
    expect(await sources(4)).toEqual(['policy allow', 'tier escalate'])
  })

  it('asks as many as the configuration says, and judges by the organisation', async () => {
    const loose = createControls(aCandidate({ approvals: { tier_3: 0 } }), aJudgingPolicy())
    expect(await onCall([loose], aRefund({ tier: 3 }))).toEqual([])
    expect(await onCall(judge(loose), aRefund({ tier: 3 }))).toMatchObject([
      { source: 'judging', decision: 'escalate', rules: [{ id: 'approvals.tier-3' }] },
    ])
  })

  it('shows the world to the judging policy only', async () => {
    const seesState = rule("state.orders['O-1'].paid")
    const broken = [{ decision: 'deny', rules: [{ error: expect.any(String) as string }] }]
    expect(await onCall(judge(judging(seesState)))).toMatchObject([{ decision: 'allow' }])
    expect(await onCall([own(seesState)])).toMatchObject(broken)

    const ofOutput = rule("state.orders['O-1'].paid && output.text != ''")
    expect(await onReply(judge(judging(ofOutput)), 'hello')).toMatchObject([{ decision: 'allow' }])
    expect(await onReply([own(ofOutput)], 'hello')).toMatchObject(broken)
    const ofResult = { ...ofOutput, tool: '*' }
    expect(await onResult(judge(judging(ofResult)), 'hello')).toMatchObject([{ decision: 'allow' }])
    expect(await onResult([own(ofResult)], 'hello')).toMatchObject(broken)
  })

  it('a judging rule about approvals does not soften a denial', async () => {
    const [said] = await onCall(judge(judging(rule('false'))), aRefund({ tier: 4 }))
    expect(said?.decision).toBe('deny')
    expect(said?.rules.map((each) => each.id)).toEqual(['rule', 'approvals.tier-4'])
    const [allowed] = await onCall(judge(judging(rule('true'))), aRefund({ tier: 4 }))
    expect(allowed?.decision).toBe('escalate')
  })

  it('tells rules the call, who asks, when, and what was done before', async () => {
    const done = executedCall({
      tool: 'crm.read',
      args: {},
      result: { verified: true },
      at: context.now,
    })
    const conditions = [
      "tool.name == 'payments.issue_refund' && tool.tier == 2 && tool.effect == 'write'",
      "'refunds' in agent.scopes && agent.principal == 'agent'",
      "calls.exists(c, c.tool == 'crm.read' && c.result.verified)",
      "now.startsWith('2026-01-05')",
    ]
    for (const condition of conditions) {
      const seen = { ...context, calls: [done] }
      expect(await onCall([own(rule(condition)), seen])).toMatchObject([{ decision: 'allow' }])
    }
  })

  it.each([
    ['a text', 'bob@example.com', 'email'],
    ['a member', { a: [{ b: 'bob@example.com' }] }, 'email'],
    ['a key', { 'bob@example.com': 1 }, 'email'],
    ['a number', { card: 4111111111111111 }, 'card'],
    ['a text after a line break', { note: 'IBAN:\nDE89370400440532013000' }, 'iban'],
    ['a number after a tab', ['\t078-05-1120'], 'ssn'],
  ])('finds personal data in %s', async (_, output, kind) => {
    const asked = rule(`output.contains_pii && output.pii_kinds == ['${kind}']`, { tool: '*' })
    expect(await onResult([own(asked)], output)).toMatchObject([{ decision: 'allow' }])
  })

  it('does not add up personal data from several texts', async () => {
    const asked = rule('!output.contains_pii', { tool: '*' })
    const output = ['4111', '1111', '1111', '1111', 'bob@', 'example.com']
    expect(await onResult([own(asked)], output)).toMatchObject([{ decision: 'allow' }])
  })

  it('hostile arguments are values like any other', async () => {
    const args = JSON.parse(
      '{"__proto__": {"amount_usd": 1}, "constructor": 2}',
    ) as ProposedAction['args']
    const [said] = await onCall([own(rule('input.amount_usd <= 50'))], aRefund({ args }))
    expect(said?.decision).toBe('deny')
    const asked = rule('size(input) == 2 && input.__proto__.amount_usd == 1')
    const [kept] = await onCall([own(asked)], aRefund({ args }))
    expect(kept?.decision).toBe('allow')
  })

  it('carries the version of the policy that spoke', async () => {
    const [said] = await onCall([own(rule('true'))])
    expect(said?.version).toBe('r1')
    const [judged] = await onCall(judge(judging(rule('true'))))
    expect(judged?.version).toMatch(/^sha256:/)
    const [other] = await onCall(judge(judging(rule('true || false'))))
    expect(other?.version).not.toBe(judged?.version)
  })
})

describe('several engines', () => {
  const says = (name: 'opa' | 'cedar', said: Partial<ControlDecision>): PolicyEngine => ({
    name,
    version: '1',
    decide: () => ({ source: 'policy', decision: 'allow', rules: [], engine: name, ...said }),
  })

  it('are all asked, also after a denial', async () => {
    const candidate = aCandidate({ policy: { rules: [rule('false')] } })
    const engines = { own: [says('opa', {}), says('cedar', { decision: 'escalate' })], judging: [] }
    const said = await onCall([createControls(candidate, aJudgingPolicy(), engines)])
    expect(said.map(({ decision, engine }) => `${engine ?? ''} ${decision}`)).toEqual([
      'cel deny',
      'opa allow',
      'cedar escalate',
    ])
  })

  it('see what those before them have changed', async () => {
    const seen: JsonValue[] = []
    const watching: PolicyEngine = {
      name: 'cedar',
      version: '1',
      decide: ({ action }) => {
        seen.push(action?.args ?? null)
        return undefined
      },
    }
    const changing = says('opa', { decision: 'modify', modified: { amount_usd: 5 } })
    const engines = { own: [changing, watching], judging: [] }
    await onCall([createControls(aCandidate(), aJudgingPolicy(), engines)])
    expect(seen).toEqual([{ amount_usd: 5 }])
  })

  it('that are named and were not opened let nothing run', () => {
    const opa = { url: 'http://127.0.0.1:8181', path: 'a/b' }
    const candidate = aCandidate({ policy: { opa } })
    expect(() => createControls(candidate, aJudgingPolicy())).toThrow(/not opened: opa/)
    expect(() => createControls(aCandidate(), aJudgingPolicy({ opa }))).toThrow(/not opened: opa/)
  })

  it('change nothing and fall back to nothing where they judge', async () => {
    const engines = {
      own: [],
      judging: [says('opa', { decision: 'modify', modified: { amount_usd: 5 }, fallback: true })],
    }
    const [said] = await onCall(judge(createControls(aCandidate(), aJudgingPolicy(), engines)))
    expect(said).toMatchObject({ source: 'judging', decision: 'modify' })
    expect(said).not.toHaveProperty('modified')
    expect(said).not.toHaveProperty('fallback')
  })
})

describe('identity', () => {
  it('of the organisation beats what the candidate says of itself', async () => {
    const judgingPolicy = aJudgingPolicy({ identity: { scopes: ['tickets'] } })
    const controls = createControls(aCandidate(), judgingPolicy)
    const action = aRefund({ scope: 'refunds' })
    const denied = await onCall(judge(controls), action)
    expect(denied).toMatchObject([{ decision: 'deny', rules: [{ id: 'identity.scope' }] }])
    expect(await onCall([controls], action)).toMatchObject([{ decision: 'allow' }])
  })
})
