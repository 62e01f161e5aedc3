import { describe, expect, it } from 'vitest'
import { outputFacts, outputNeeds } from '../../src/controls/output-facts.ts'
import { compileExpression, holds } from '../../src/expr/expression.ts'
import { fromExprValue } from '../../src/expr/value.ts'
import type { JsonValue } from '../../src/schema/json.ts'

async function facts(...args: Parameters<typeof outputFacts>): Promise<unknown> {
  return fromExprValue(await outputFacts(...args))
}

describe('outputFacts', () => {
  it('of a text', async () => {
    expect(await facts('Write to ana@example.com.')).toEqual({
      text: 'Write to ana@example.com.',
      value: 'Write to ana@example.com.',
      contains_pii: true,
      pii_kinds: ['email'],
      contains_secret: false,
      secret_kinds: [],
    })
  })

  it('of a value: every text, key and whole number, one by one', async () => {
    const half = ['41111111', '11111111']
    const ratio = 0.4111111111111111
    const value = {
      'ana@example.com': { list: ['x\n078-05-1120', 4111111111111111] },
      url: 'redis://app:hunter2@cache',
      half,
      ratio,
    }
    expect(await facts(value)).toMatchObject({
      text: JSON.stringify(value),
      contains_pii: true,
      pii_kinds: ['email', 'card', 'ssn'],
      secret_kinds: ['url-password'],
    })
    expect(await facts({ half, ratio })).toMatchObject({
      contains_pii: false,
    })
  })

  it.each([
    [{ pii: false, secrets: false }, ['text', 'value']],
    [{ pii: true, secrets: false }, ['text', 'value', 'contains_pii', 'pii_kinds']],
    [{ pii: false, secrets: true }, ['text', 'value', 'contains_secret', 'secret_kinds']],
  ])('with %j has %j and nothing else', async (needs, names) => {
    expect(Object.keys((await facts('a@b.co', needs)) as object)).toEqual(names)
  })

  it('a rule that names a fact nobody asked for is an error', async () => {
    const rule = compileExpression('output.contains_secret == false')
    if (!rule.ok) throw new Error(rule.error)
    const output = await outputFacts('fine', { pii: true, secrets: false })
    expect(holds(rule.expression, { output }).error).toBeDefined()
    expect(holds(rule.expression, { output: await outputFacts('fine') })).toEqual({ holds: true })
  })

  it('looks into values of any depth', async () => {
    let deep: JsonValue = 'ana@example.com'
    for (let i = 0; i < 500; i++) deep = i % 2 === 0 ? [deep] : { a: deep }
    expect(await facts(deep)).toMatchObject({ pii_kinds: ['email'] })
  })
})

describe('outputNeeds', () => {
  it.each([
    [['output.contains_pii == false'], { pii: true, secrets: false }],
    [['size(output.text) < 10', '!("jwt" in output.secret_kinds)'], { pii: false, secrets: true }],
    [['output["pii_kinds"] == []', 'output.contains_secret'], { pii: true, secrets: true }],
    [['size(output.text) < 10'], { pii: false, secrets: false }],
    [[], { pii: false, secrets: false }],
  ])('%j needs %j', (conditions, needs) => {
    expect(outputNeeds(conditions)).toEqual(needs)
  })
})
