import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../src/schema/candidate.ts'
import { type CandidateContext, parseCandidate } from '../../src/suites/load-candidate.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'
import { publishedExample } from '../builders/published-example.ts'

/** The same with its sections inside. */
const inside = publishedExample
  .split('\n')
  .map((line, index) => (index > 4 && line !== '' ? `  ${line}` : line))
  .join('\n')

interface Given {
  readonly models?: Readonly<Record<string, string>>
  readonly model?: Readonly<Record<string, string>>
  readonly set?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
}

function context({
  models = { frontier: 'reference:', small: 'reference:' },
  model = {},
  set = [],
  files = {},
}: Given): CandidateContext {
  return { models, overrides: { models: model, set }, readPromptFile: async (path) => files[path] }
}

async function candidateOf(text: string, given: Given = {}): Promise<Candidate> {
  const parsed = await parseCandidate(text, 'agent.yaml', context(given))
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems))
  return parsed.value
}

async function problemsOf(text: string, given: Given = {}): Promise<string> {
  const parsed = await parseCandidate(text, 'agent.yaml', context(given))
  return parsed.ok ? '' : renderProblems(parsed.problems)
}

describe('the publishedExample example', () => {
  it('loads as it stands, in both layouts, to the same candidate', async () => {
    const candidate = await candidateOf(publishedExample)
    expect(candidate).toMatchObject({
      name: 'support_refund_agent',
      model_tier: { router: 'small', executor: 'frontier' },
      models: { frontier: 'reference:', small: 'reference:' },
      budgets: { max_total_tokens: 24000, max_tool_calls: 10, max_wall_time_seconds: 25 },
      tools: { allowlist: ['crm.read_ticket', 'orders.get_status', 'payments.issue_refund'] },
      policy: { engine: 'opa', rules: [{ id: 'refund_cap' }, { id: 'pii_redaction' }] },
      approvals: { tier_3: 1, tier_4: 2 },
      stop: { repeats: 3, max_turns: 30 },
      identity: { principal: 'agent', trust: 2 },
    })
    expect(await candidateOf(inside)).toEqual(candidate)
  })

  const file = new URL('../../../shared/data/agent_config.yaml', import.meta.url)
  it.skipIf(!existsSync(file))('loads byte for byte (skipped without ../shared/data)', async () => {
    const text = readFileSync(file, 'utf8')
    expect(await candidateOf(text)).toEqual(await candidateOf(publishedExample))
  })
})

describe('models', () => {
  it('come from the project, the file and the command line, the last wins', async () => {
    const text = `${publishedExample}models: { frontier: "openai:a", small: "openai:b" }\n`
    expect((await candidateOf(text)).models).toEqual({ frontier: 'openai:a', small: 'openai:b' })
    const given = {
      models: { frontier: 'openai:x', huge: 'openai:y' },
      model: { frontier: 'anthropic:c' },
    }
    expect((await candidateOf(text, given)).models).toEqual({
      frontier: 'anthropic:c',
      small: 'openai:b',
      huge: 'openai:y',
    })
  })

  it('are needed for the executor, and the message says what to write', async () => {
    expect(await problemsOf(publishedExample, { models: {} })).toMatchInlineSnapshot(`
      "agent.yaml:4:13 agent.model_tier.router: tier "small" has no model; write \`--model small=provider:model\`, or \`models: { small: provider:model }\` in agent-eval.yaml
        3 |   model_tier:
      > 4 |     router: "small"
          |             ^
      agent.yaml:5:15 agent.model_tier.executor: tier "frontier" has no model; write \`--model frontier=provider:model\`, or \`models: { frontier: provider:model }\` in agent-eval.yaml
        4 |     router: "small"
      > 5 |     executor: "frontier"
          |               ^
      "
    `)
    expect(await problemsOf('agent: { name: a }', { models: {} })).toMatchInlineSnapshot(`
      "agent.yaml:1:1 model_tier.executor: tier "default" has no model; write \`--model default=provider:model\`, or \`models: { default: provider:model }\` in agent-eval.yaml
      > 1 | agent: { name: a }
          | ^
      "
    `)
  })

  it('of the command line must be models of tiers that are used', async () => {
    expect(await problemsOf(publishedExample, { model: { frontire: 'openai:a' } })).toBe(
      '--model frontire=openai:a: unknown tier "frontire"; did you mean "frontier"?\n',
    )
    expect(await problemsOf(publishedExample, { model: { frontier: 'gpt-4o' } })).toBe(
      '--model frontier=gpt-4o: "gpt-4o" is not allowed; a model is written provider:model, for example reference: or openai:gpt-4o\n',
    )
  })
})

describe('--set', () => {
  it.each([publishedExample, inside])('reaches sections in either layout', async (text) => {
    const set = [
      'budgets.max_tool_calls=6',
      'agent.budgets.max_cost_usd=0.5',
      'agent.name=other',
      'prompt=Be kind: always.',
      'policy.rules.0.condition=input.amount_usd <= 40',
      'tools.allowlist=[crm.read_ticket]',
      'stop.max_turns=5',
      'versions.prompt=0012',
    ]
    const candidate = await candidateOf(text, { set })
    expect(candidate).toMatchObject({
      name: 'other',
      prompt: 'Be kind: always.',
      budgets: { max_total_tokens: 24000, max_tool_calls: 6, max_cost_usd: 0.5 },
      tools: { allowlist: ['crm.read_ticket'] },
      stop: { max_turns: 5, repeats: 3 },
      versions: { prompt: '0012' },
    })
    expect(candidate.policy.rules.map(({ condition }) => condition)).toEqual([
      'input.amount_usd <= 40',
      'output.contains_pii == false',
    ])
  })

  it('names itself in its problems', async () => {
    const set = ['budgets.max_tool_cals=6', 'budget.max_tool_calls=6', 'stop.repeats=1']
    expect(await problemsOf(publishedExample, { set })).toMatchInlineSnapshot(`
      "--set budget.max_tool_calls=6 budget: unknown key "budget"; did you mean "budgets"?
      --set budgets.max_tool_cals=6 budgets.max_tool_cals: unknown key "max_tool_cals"; did you mean "max_tool_calls"?
      --set stop.repeats=1 stop.repeats: must be at least 2
      "
    `)
    expect(await problemsOf(publishedExample, { set: ['policy.rules.0.condition=state.x'] })).toBe(
      '--set policy.rules.0.condition=state.x policy.rules.0.condition: unknown variable "state"; known: input, output, tool, agent, calls, now, reason\n',
    )
  })

  it('leaves the problems of the file where they are', async () => {
    const text = publishedExample.replace('max_tool_calls: 10', 'max_tool_cals: 10')
    expect(await problemsOf(text, { set: ['budgets.max_total_tokens=1'] })).toMatchInlineSnapshot(`
      "agent.yaml:8:3 budgets.max_tool_cals: unknown key "max_tool_cals"; did you mean "max_tool_calls"?
        7 |   max_total_tokens: 24000
      > 8 |   max_tool_cals: 10
          |   ^
      "
    `)
  })

  it.each([
    ['budgets', 'sets nothing; write it as path=value'],
    ['=3', 'sets nothing'],
    ['agent=3', 'sets nothing'],
    ['a..b=3', 'sets nothing'],
    ['policy.rules.7.id=x', '"policy.rules" is a list of 2; its places are 0 to 2'],
    ['tools.allowlist.x=1', '"tools.allowlist" is a list of 3'],
    ['agent.name.x=1', '"agent.name" is no mapping or list'],
    ['__proto__.polluted=1', '"__proto__" is not allowed as a key'],
    ['agent.constructor.prototype.polluted=1', '"constructor" is not allowed as a key'],
  ])('refuses %s', async (set, why) => {
    expect(await problemsOf(publishedExample, { set: [set] })).toContain(`--set ${set}: `)
    expect(await problemsOf(publishedExample, { set: [set] })).toContain(why)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('the prompt', () => {
  it('may be a file', async () => {
    const text = `${publishedExample}prompt: { file: prompt.md }\n`
    expect((await candidateOf(text, { files: { 'prompt.md': 'Be kind.' } })).prompt).toBe(
      'Be kind.',
    )
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "agent.yaml:28:17 prompt.file: there is no file "prompt.md"
        27 |   log_fields: ["run_id", "prompt_version", "policy_version", "tool_name", "cost_usd"]
      > 28 | prompt: { file: prompt.md }
           |                 ^
      "
    `)
  })

  it('and the policy have a version by their content, unless one is named', async () => {
    const { versions } = await candidateOf(publishedExample)
    expect(versions.prompt).toMatch(/^[0-9a-f]{12}$/)
    const prompt = await candidateOf(publishedExample, { set: ['prompt=Hi'] })
    expect(prompt.versions.prompt).not.toBe(versions.prompt)
    expect(prompt.versions.policy).toBe(versions.policy)
    const cap = await candidateOf(publishedExample, { set: ['policy.rules.0.condition="true"'] })
    expect(cap.versions.policy).not.toBe(versions.policy)
    const named = await candidateOf(`${publishedExample}versions: { prompt: v7 }\n`)
    expect(named.versions).toEqual({ prompt: 'v7', policy: versions.policy })
  })
})

describe('a candidate file', () => {
  it('has each section once', async () => {
    expect(await problemsOf(`${inside}budgets: { max_tool_calls: 3 }\n`)).toMatchInlineSnapshot(`
      "agent.yaml:28:10 budgets: "budgets" stands both beside agent and inside it; keep one
        27 |     log_fields: ["run_id", "prompt_version", "policy_version", "tool_name", "cost_usd"]
      > 28 | budgets: { max_tool_calls: 3 }
           |          ^
      "
    `)
  })

  it('has rules that compile and stand once', async () => {
    const text = publishedExample
      .replace('input.amount_usd <= 50', 'input.amount_usd <=')
      .replace('output.contains_pii == false', 'output.contains_pii == state.x')
      .replace('pii_redaction', 'refund_cap')
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "agent.yaml:20:36 policy.rules.0.condition: no valid expression: found < but expecting end of input
        19 |       tool: "payments.issue_refund"
      > 20 |       condition: "input.amount_usd <="
           |                                    ^
      agent.yaml:22:11 policy.rules.1.id: another rule above has the id "refund_cap"
        21 |       on_fail: "escalate_to_human"
      > 22 |     - id: "refund_cap"
           |           ^
      agent.yaml:23:42 policy.rules.1.condition: unknown variable "state"; known: input, output, tool, agent, calls, now, reason
        22 |     - id: "refund_cap"
      > 23 |       condition: "output.contains_pii == state.x"
           |                                          ^
      "
    `)
  })
})
