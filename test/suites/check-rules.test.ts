import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { policyRule } from '../../src/schema/policy.ts'
import { builtInRules, checkRules, ruleVariables } from '../../src/suites/check-rules.ts'

type Rule = Partial<z.input<typeof policyRule>>

const tools: ReadonlySet<string> = new Set(['crm.read', 'payments.issue_refund'])

/** What is said of rules that are called r0, r1, …: `path: message`. */
function said(rules: readonly Rule[], variables = ruleVariables): readonly string[] {
  const parsed = rules.map((rule, index) => policyRule.parse({ id: `r${index}`, ...rule }))
  return checkRules(parsed, variables, tools).map(
    ({ message, path }) => `${path.join('.')}: ${message}`,
  )
}

describe('rules without a fault', () => {
  it.each<Rule>([
    { condition: 'input.amount_usd <= 50' },
    { condition: 'output.contains_pii == false' },
    { condition: 'output.value.ok', tool: 'crm.*', when: 'tool.tier > 1 && output.text != reason' },
    { tool: 'payments.*', after: 'crm.read' },
    { after: { tool: 'crm.*', where: 'call.args.id == input.id && call.result.ok' } },
    { never_with: { tool: 'crm.read', where: 'timestamp(call.at) < timestamp(now)' } },
    { at_most: { count: 3, within: 'day', by: 'input.customer' } },
    { at_most: { total: 100, amount: 'input.cents / 100.0', by: '[agent.principal, tool.name]' } },
    { at_most: { total: 100 }, sees: ['arguments'] },
    { never_says: ['guarantee', String.raw`\bfree\b`] },
    { never_says: ['x'], tool: 'crm.read', when: 'input.a == output.text', on_fail: 'redact' },
    { domains: [] },
    {
      domains: ['good.com', '*.good.com', 'bücher.de', 'localhost', '10.0.0.1', '[::1]', 'a_b.c.'],
    },
    { condition: 'size(calls) > 0', sees: ['reply', 'log'] },
    { condition: 'input.a == 1 && output.contains_pii', sees: ['arguments', 'result'] },
    { after: 'crm.read', sees: ['reply'], when: "output.text.contains('done')" },
  ])('%j', (rule) => {
    expect(said([rule])).toEqual([])
  })
})

describe('ids', () => {
  it('are used once, and not those of rules that are built in', () => {
    const twice = [
      { id: 'a', condition: 'true' },
      { id: 'a', condition: 'true' },
    ]
    expect(said(twice)).toEqual(['1.id: another rule above has the id "a"'])
    for (const id of builtInRules) {
      expect(said([{ id, condition: 'true' }])).toEqual([
        `0.id: "${id}" is the name of a built-in rule; choose another`,
      ])
    }
    expect(builtInRules).toContain('identity.tenant')
  })
})

describe('expressions', () => {
  it.each<readonly [string, Rule]>([
    ['condition', { condition: '(' }],
    ['when', { condition: 'true', when: '(' }],
    ['harm.who', { condition: 'true', harm: { who: '(' } }],
    ['harm.usd', { condition: 'true', harm: { who: "'x'", usd: '(' } }],
    ['after.where', { after: { tool: '*', where: '(' } }],
    ['never_with.where', { never_with: { tool: '*', where: '(' } }],
    ['at_most.amount', { at_most: { total: 1, amount: '(' } }],
    ['at_most.by', { at_most: { count: 1, by: '(' } }],
  ])('compile: %s', (path, rule) => {
    expect(said([rule])).toEqual([expect.stringMatching(`^0.${path}: no valid expression: `)])
  })

  it.each<readonly [string, string, Rule]>([
    ['condition', 'call', { condition: 'call.tool == tool.name' }],
    ['when', 'call', { after: 'crm.read', when: 'call.args.a' }],
    ['condition', 'state', { condition: 'state.a' }],
    ['at_most.by', 'call', { at_most: { count: 1, by: 'call.args.a' } }],
    ['at_most.by', 'calls', { at_most: { count: 1, by: 'calls[0].tool' } }],
    ['at_most.amount', 'now', { at_most: { total: 1, amount: 'now' } }],
    ['at_most.amount', 'reason', { at_most: { total: 1, amount: 'reason' } }],
    ['at_most.by', 'output', { at_most: { count: 1, by: 'output.text' }, sees: ['arguments'] }],
    ['after.where', 'cal', { after: { tool: '*', where: 'cal.args.a' } }],
  ])('%s may not name `%s`', (path, name, rule) => {
    expect(said([rule])).toEqual([expect.stringMatching(`^0.${path}: unknown variable "${name}"`)])
  })

  it('name the world where the policy sees it', () => {
    const judging = [...ruleVariables, 'state']
    const rules: readonly Rule[] = [
      { condition: 'state.a' },
      { at_most: { count: 1, by: 'state.orders[input.id].customer' } },
      { after: { tool: '*', where: 'state.a == call.args.a' } },
    ]
    expect(said(rules, judging)).toEqual([])
    expect(said(rules)).toHaveLength(3)
  })

  it('name no output before the call', () => {
    expect(
      said([
        { condition: 'true', when: 'output.contains_pii' },
        { after: { tool: '*', where: 'output.text == call.tool' } },
        { at_most: { count: 1 }, when: 'output.contains_pii' },
      ]),
    ).toEqual([
      '0.when: there is no output before the call; name it in the condition as well',
      '1.after.where: there is no output before the call; say with `sees` which texts this rule sees',
      '2.when: there is no output before the call; say with `sees` which texts this rule sees',
    ])
  })

  it('name no call where the agent only speaks', () => {
    const unnamed =
      'belongs to a call; a rule about what the agent says has none unless it names a tool'
    const seen = 'belongs to a call; a rule that sees replies or log lines has none'
    expect(
      said([
        { condition: 'output.text == input.a' },
        { never_says: ['x'], when: 'tool.tier > 1' },
        { condition: "reason != ''", sees: ['log', 'result'] },
      ]),
    ).toEqual([
      `0.condition: "input" ${unnamed}`,
      `1.when: "tool" ${unnamed}`,
      `2.condition: "reason" ${seen}`,
    ])
  })
})

describe('tools', () => {
  it('are of this world, wherever they are named', () => {
    expect(
      said([
        { tool: 'crm.reed', condition: 'true' },
        { tool: 'crm?*', condition: 'true' },
        { after: 'crm.reed' },
        { never_with: { tool: 'orders.*' } },
      ]),
    ).toEqual([
      '0.tool: unknown tool "crm.reed"; did you mean "crm.read"?',
      '1.tool: "crm?*" covers no tool of this world',
      '2.after: unknown tool "crm.reed"; did you mean "crm.read"?',
      '3.never_with.tool: "orders.*" covers no tool of this world',
    ])
  })
})

describe('what a rule demands', () => {
  it('patterns compile as they are asked', () => {
    expect(said([{ never_says: ['ok', '(', 'a(?=b)', 'a)(b'] }])).toEqual([
      expect.stringMatching('^0.never_says.1: no valid pattern: '),
      expect.stringMatching('^0.never_says.2: no valid pattern: .*no look-around'),
      expect.stringMatching('^0.never_says.3: no valid pattern: '),
    ])
    expect(said([{ never_says: ['x'.repeat(4_000)] }])).toHaveLength(1)
    expect(said([{ never_says: ['\bfree\b'] }])[0]).toContain('backspace')
  })

  it.each([
    'https://good.com',
    'good.com/path',
    'good.com:443',
    'bob@good.com',
    '*',
    '*.',
    'good.*',
    'a b',
    '.',
    'xn--a.com',
    '[x]',
  ])('%s is no domain', (entry) => {
    expect(said([{ domains: ['good.com', entry] }])).toEqual([
      `0.domains.1: ${JSON.stringify(entry)} is no domain`,
    ])
  })

  it('an amount adds up to a total', () => {
    expect(said([{ at_most: { count: 1, amount: 'input.a' } }])).toEqual([
      '0.at_most.amount: adds up to a `total`, and there is only a `count`',
    ])
  })
})

describe('what a rule sees', () => {
  const noCall = 'replies and log lines belong to no tool and have no tier'
  it.each<readonly [readonly string[], Rule]>([
    [[`0.tool: ${noCall}`], { tool: '*', never_says: ['x'], sees: ['reply'] }],
    [[`0.tool: ${noCall}`], { tool: '*', domains: [], sees: ['arguments', 'log'] }],
    [[`0.tiers: ${noCall}`], { tiers: [3], condition: 'output.contains_pii' }],
    [
      ['0.at_most: counts calls; replies and log lines are none'],
      { at_most: { count: 1 }, sees: ['reply'] },
    ],
    [
      ['0.on_fail: this rule sees no text that could be redacted'],
      { condition: 'input.a == 1', on_fail: 'redact' },
    ],
    [
      ['0.on_fail: redaction changes texts, and not which calls were made'],
      { after: 'crm.read', sees: ['arguments'], on_fail: 'redact' },
    ],
  ])('%j', (findings, rule) => {
    expect(said([rule])).toEqual(findings)
  })

  it('is redacted where it sees a text', () => {
    const rules: readonly Rule[] = [
      { condition: '!output.contains_pii', on_fail: 'redact' },
      { condition: 'input.a == 1', sees: ['arguments'], on_fail: 'redact' },
      { domains: [], tool: 'crm.read', on_fail: 'redact' },
    ]
    expect(said(rules)).toEqual([])
  })
})
