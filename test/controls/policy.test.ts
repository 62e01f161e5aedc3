import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  compilePolicy,
  decideByPolicy,
  type PolicyStage,
  speaksAt,
} from '../../src/controls/policy.ts'
import { type ExprVariables, toExprValue } from '../../src/expr/value.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { policyRule } from '../../src/schema/policy.ts'

type Rule = Partial<z.input<typeof policyRule>> & { condition: string }

function decide(
  rules: readonly Rule[],
  stage: PolicyStage = 'call',
  { tool = 'payments.issue_refund', ...input }: JsonObject & { tool?: string } = {},
): ReturnType<typeof decideByPolicy> {
  const written = rules.map((rule, index) => policyRule.parse({ id: `r${index}`, ...rule }))
  const policy = compilePolicy('policy', written, 'v1')
  const output = toExprValue({ text: 'hello' })
  const variables: ExprVariables = {
    input: toExprValue(input),
    output,
    tool: toExprValue({ name: tool }),
  }
  return decideByPolicy(policy, stage, stage === 'reply' ? { variables } : { tool, variables })
}

describe('decideByPolicy', () => {
  it.each([
    ['deny', 'deny', undefined],
    ['escalate_to_human', 'escalate', undefined],
    ['block_and_alert', 'deny', true],
    ['observe', 'allow', undefined],
  ] as const)('a rule that fails with on_fail %s: %s', (on_fail, decision, alert) => {
    const said = decide([{ condition: 'input.amount <= 50', on_fail }], 'call', { amount: 51 })
    expect(said).toMatchObject({ decision, source: 'policy', version: 'v1' })
    expect(said?.alert).toBe(alert)
    expect(said?.rules[0]?.decision).toBe(on_fail === 'observe' ? 'observe' : decision)
  })

  it.each(['deny', 'escalate_to_human', 'block_and_alert', 'observe'] as const)(
    'a rule that holds allows and alerts nobody, whatever on_fail: %s',
    (on_fail) => {
      const said = decide([{ condition: 'input.amount <= 50', on_fail }], 'call', { amount: 50 })
      expect(said).toMatchObject({ decision: 'allow', rules: [{ id: 'r0', decision: 'allow' }] })
      expect(said?.alert).toBeUndefined()
    },
  )

  it.each([
    ['a missing field', 'input.missing <= 50'],
    ['a number', '1'],
    ['a text', "'true'"],
    ['null', 'null'],
    ['an object', 'input'],
    ['a list', '[true]'],
    ['an unknown variable', 'nobody.home'],
    ['a division by zero', '1 / 0 == 1'],
    ['no such overload', "'a' < 1"],
    ['has() of an unknown variable', '!has(nobody.home)'],
  ])('%s denies and is recorded as an error', (_, condition) => {
    for (const on_fail of ['deny', 'escalate_to_human', 'observe'] as const) {
      const said = decide([{ condition, on_fail }])
      expect(said?.decision).toBe('deny')
      expect(said?.rules).toMatchObject([
        { decision: 'deny', error: expect.stringMatching(/./) as string },
      ])
    }
  })

  it('skips a rule whose `when` does not hold, and denies where it cannot tell', () => {
    const rule = { condition: 'false', when: 'input.amount > 10' }
    expect(decide([rule], 'call', { amount: 5 })).toBeUndefined()
    expect(decide([rule], 'call', { amount: 11 })?.decision).toBe('deny')
    expect(decide([rule])?.rules[0]?.error).toBeDefined()
    const allowed = decide([{ condition: 'true', when: '1' }])
    expect(allowed).toMatchObject({ decision: 'deny', rules: [{ decision: 'deny' }] })
  })

  it('the most restrictive rule wins, wherever it stands', () => {
    const allow = { condition: 'true' }
    const escalate = { condition: 'false', on_fail: 'escalate_to_human' } as const
    const deny = { condition: 'false' }
    const decision = (...rules: Rule[]): string | undefined => decide(rules)?.decision
    expect(decision(allow, escalate)).toBe('escalate')
    expect(decision(escalate, allow)).toBe('escalate')
    expect(decision(deny, escalate, allow)).toBe('deny')
    expect(decision(escalate, deny)).toBe('deny')
    expect(decide([deny, escalate, allow])?.rules).toHaveLength(3)
  })

  it('covers only the tools it names', () => {
    const refund = { condition: 'false', tool: 'payments.*' }
    expect(decide([refund], 'call', { tool: 'payments.void' })?.decision).toBe('deny')
    expect(decide([refund], 'call', { tool: 'crm.read' })).toBeUndefined()
    expect(decide([{ condition: 'false' }], 'call', { tool: 'crm.read' })?.decision).toBe('deny')
  })

  it('a rule about output judges results where it names a tool, and replies where not', () => {
    const result = { condition: "output.text != 'hello'", tool: 'payments.*' }
    const reply = { condition: "output.text != 'hello'" }
    expect(decide([result, reply], 'call')).toBeUndefined()
    expect(decide([result, reply], 'result')?.rules.map((rule) => rule.id)).toEqual(['r0'])
    expect(decide([result, reply], 'result', { tool: 'crm.read' })).toBeUndefined()
    expect(decide([result, reply], 'reply')?.rules.map((rule) => rule.id)).toEqual(['r1'])
    expect(decide([{ condition: 'false' }], 'reply')).toBeUndefined()
  })

  it('says why in the words of the rule', () => {
    const condition = 'input.amount <= 50'
    const reasonOf = (rule: Rule, amount: number): string | undefined =>
      decide([rule], 'call', { amount })?.rules[0]?.reason
    expect(reasonOf({ condition }, 60)).toBe('input.amount <= 50 does not hold')
    expect(reasonOf({ condition }, 40)).toBe('input.amount <= 50 holds')
    expect(reasonOf({ condition, description: 'small refunds only' }, 60)).toBe(
      'small refunds only',
    )
  })

  it('says nothing where there is no rule', () => {
    expect(decide([])).toBeUndefined()
    expect(speaksAt(compilePolicy('policy', [], 'v1'), 'call')).toBe(false)
  })

  it('refuses a condition that does not compile', () => {
    expect(() => decide([{ condition: 'input.amount <=' }])).toThrow(/policy rule "r0"/)
  })
})
