import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { candidate } from '../../src/schema/candidate.ts'
import { checkCandidate } from '../../src/suites/check-candidate.ts'
import { aCandidate } from '../builders/candidate.ts'

function said(changes: Partial<z.input<typeof candidate>>): readonly string[] {
  const models = { default: 'reference:' }
  return checkCandidate(aCandidate({ models, ...changes })).map(
    ({ message, path }) => `${path.join('.')}: ${message}`,
  )
}

const rule = { id: 'cap', condition: 'input.amount_usd <= 50' } as const

describe('the policy of a candidate', () => {
  it('that names an engine has one, or rules', () => {
    expect(said({ policy: { engine: 'opa' } })).toEqual([
      'policy.engine: names an engine but no policy: add `opa` with the policy, or `rules`',
    ])
    const cedar = { policies: 'a.cedar', schema: 'a.cedarschema' }
    expect(said({ policy: { engine: 'opa', cedar } })).toHaveLength(1)
    expect(said({ policy: { engine: 'cedar', cedar } })).toEqual([])
    expect(said({ policy: { engine: 'cedar', rules: [rule] } })).toEqual([])
    expect(said({ policy: { engine: 'opa', opa: { url: 'http://localhost:8181' } } })).toEqual([])
    expect(said({ policy: {} })).toEqual([])
  })

  it('falls back where there is a fallback', () => {
    const policy = { rules: [rule, { ...rule, id: 'other', on_fail: 'fallback' as const }] }
    expect(said({ policy })).toEqual([
      'policy.rules.1.on_fail: this candidate has no `fallback` to hand over to',
    ])
    expect(said({ policy, fallback: { say: 'A colleague will call you.' } })).toEqual([])
  })

  it('judges nothing', () => {
    expect(said({ policy: { rules: [{ ...rule, zero_tolerance: true }] } })).toEqual([
      'policy.rules.0.zero_tolerance: only the judging policy has zero tolerance',
    ])
  })

  it('names no world, but the reason', () => {
    const state = { ...rule, condition: 'state.a' }
    const reason = { ...rule, id: 'reason', condition: "reason != ''" }
    expect(said({ policy: { rules: [state, reason] } })).toEqual([
      expect.stringMatching('^policy.rules.0.condition: unknown variable "state"'),
    ])
  })

  it('is checked of an agent of one’s own as well', () => {
    const target = { module: './agent.ts' }
    expect(said({ target, models: {}, policy: { engine: 'cedar' } })).toHaveLength(1)
  })
})
