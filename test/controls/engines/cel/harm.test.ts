import { describe, expect, it } from 'vitest'
import { compileHarm, harmOf } from '../../../../src/controls/engines/cel/harm.ts'
import { toExprValue } from '../../../../src/expr/value.ts'
import type { Harm } from '../../../../src/schema/control-events.ts'
import { policyRule } from '../../../../src/schema/policy.ts'

function harmed(harm: { who: string; usd?: string }): Harm | undefined {
  const compiled = compileHarm(policyRule.parse({ id: 'r', condition: 'true', harm }))
  const state = toExprValue({ customers: { 'C-1': { name: 'Ana' } } })
  return compiled && harmOf(compiled, { state, input: toExprValue({ amount: 12.5, to: 'C-1' }) })
}

describe('harmOf', () => {
  it('names somebody of the state, and an amount', () => {
    const who = "state.customers[input.to].name + ' (' + input.to + ')'"
    expect(harmed({ who, usd: 'input.amount * 2.0' })).toEqual({ who: 'Ana (C-1)', usd: 25 })
    expect(harmed({ who })).toEqual({ who: 'Ana (C-1)' })
  })

  it.each([
    ['an error', 'state.customers["C-2"].name'],
    ['no text', 'input.amount'],
    ['no name', "''"],
  ])('is nothing where the name is %s', (_, who) => {
    expect(harmed({ who, usd: '1' })).toBeUndefined()
  })

  it.each([
    ['an error', 'input.missing'],
    ['a text', "'much'"],
    ['below nothing', '-1.0'],
    ['endless', '1.0 / 0.0'],
  ])('has no amount where that is %s', (_, usd) => {
    expect(harmed({ who: 'input.to', usd })).toEqual({ who: 'C-1' })
  })

  it('cuts a name that is none', () => {
    const long = 'x'.repeat(300)
    expect(harmed({ who: `'${long}'` })?.who).toHaveLength(80)
  })

  it('needs expressions that compile', () => {
    expect(() => harmed({ who: 'state.' })).toThrow('policy rule "r"')
  })
})

it('is nothing for a rule without', () => {
  expect(compileHarm(policyRule.parse({ id: 'r', condition: 'true' }))).toBeUndefined()
})
