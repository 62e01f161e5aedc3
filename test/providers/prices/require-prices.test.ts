import { describe, expect, it } from 'vitest'
import {
  type CostRules,
  priceProblems,
  requirePrices,
  unpricedModels,
} from '../../../src/providers/prices/require-prices.ts'
import { gateConfig } from '../../../src/schema/gate-config.ts'

const known = { isPriced: (model: string) => model.startsWith('openai:gpt') }
const models = {
  small: 'ollama:qwen3',
  frontier: 'openai:gpt-4o',
  unused: 'openai:foo',
  played: 'reference:',
  own: 'module:./model.ts',
}

const rules = (changes: Partial<CostRules> = {}): CostRules => ({
  candidate: { model_tier: { executor: 'small' }, models },
  prices: known,
  gate: gateConfig.parse({}),
  ...changes,
})

describe('unpricedModels', () => {
  const of = (model_tier: CostRules['candidate']['model_tier']): readonly string[] =>
    unpricedModels({ model_tier, models }, known)

  it('looks at the models that may be asked: of the executor, of the router, of its routes', () => {
    expect(of({ executor: 'frontier' })).toEqual([])
    expect(of({ executor: 'small' })).toEqual(['ollama:qwen3'])
    expect(of({ executor: 'frontier', router: 'unused', routes: { small: 'easy' } })).toEqual([
      'ollama:qwen3',
      'openai:foo',
    ])
    expect(of({ executor: 'frontier', router: 'frontier' })).toEqual(['ollama:qwen3', 'openai:foo'])
  })

  it('leaves out who says himself what he costs, and tiers that name no model', () => {
    expect(of({ executor: 'played' })).toEqual([])
    expect(of({ executor: 'own' })).toEqual([])
    expect(of({ executor: 'nowhere' })).toEqual([])
  })
})

describe('priceProblems', () => {
  it('names the key to set and the other way out, also where the gate is the default one', () => {
    expect(priceProblems(rules())).toEqual([
      {
        model: 'ollama:qwen3',
        message: 'no price is known for "ollama:qwen3", and costPerTask is among the gated metrics',
        hint:
          'set it in agent-eval.yaml, in dollars per million tokens: ' +
          'money: { prices: { "ollama:qwen3": { input_per_mtok: ..., output_per_mtok: ... } } }; ' +
          'or leave it out in evalset.yaml: ' +
          'gate: { metrics: [tsr, utilityUnderAttack, asr, violationRate] }. ' +
          'Published prices hold for the services of OpenAI and Anthropic themselves, ' +
          'not for compatible ones',
      },
    ])
  })

  it.each<[string, Partial<CostRules>, string | undefined]>([
    ['a priced model', { candidate: { model_tier: { executor: 'frontier' }, models } }, undefined],
    ['a gate without costs', { gate: gateConfig.parse({ metrics: ['tsr'] }) }, undefined],
    ['no gate', { gate: undefined }, undefined],
    ['budgets of other kinds', { gate: undefined, budgets: [{ max_tool_calls: 3 }] }, undefined],
    [
      'a limit',
      { gate: gateConfig.parse({ metrics: ['tsr'], limits: { costPerTask: { max_usd: 1 } } }) },
      'the gate limits what a task may cost',
    ],
    [
      'nothing but costs',
      { gate: gateConfig.parse({ metrics: ['costPerTask'] }) },
      'costPerTask is among the gated metrics',
    ],
    [
      'a budget of a trial',
      { gate: undefined, budgets: [{}, { max_cost_usd: 0.1 }] },
      'budgets.max_cost_usd limits a trial',
    ],
    ['a budget of the run', { gate: undefined, budgetUsd: 1 }, 'the run has a budget in dollars'],
  ])('%s', (_, changes, why) => {
    const problems = priceProblems(rules(changes))
    expect(problems.map(({ message }) => message)).toEqual(
      why === undefined ? [] : [`no price is known for "ollama:qwen3", and ${why}`],
    )
    expect(problems.every(({ hint }) => !hint.includes('metrics: []'))).toBe(true)
  })

  it('asks for prices of simulated user and judge only where the run has a budget', () => {
    const beside = ['openai:judge', 'openai:gpt-4o', 'ollama:qwen3', 'openai:judge']
    const found = (changes: Partial<CostRules>): readonly string[] =>
      priceProblems(rules({ beside, ...changes })).map(({ model }) => model)
    expect(found({})).toEqual(['ollama:qwen3'])
    expect(found({ budgetUsd: 1 })).toEqual(['ollama:qwen3', 'openai:judge'])
  })
})

describe('requirePrices', () => {
  it('throws one error for all of them, of wrong use, and none where all is known', () => {
    expect(() => {
      requirePrices(rules({ budgetUsd: 1, beside: ['openai:judge'] }))
    }).toThrow(
      expect.objectContaining({
        code: 'usage',
        exitCode: 2,
        message: expect.stringMatching(
          /^no price .*; the same holds for "openai:judge"$/,
        ) as string,
        hint: expect.stringContaining('"ollama:qwen3": {') as string,
      }),
    )
    expect(() => {
      requirePrices(rules({ gate: undefined }))
    }).not.toThrow()
  })
})
