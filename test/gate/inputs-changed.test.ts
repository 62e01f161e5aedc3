import { describe, expect, it } from 'vitest'
import { inputsChanged } from '../../src/gate/inputs-changed.ts'
import type { Provenance } from '../../src/schema/run-manifest.ts'
import { aProvenance } from '../builders/result.ts'

const before = aProvenance()

function withCandidate(changes: Partial<Provenance['candidate']>): Provenance {
  return aProvenance({ candidate: { ...before.candidate, ...changes } })
}

describe('inputsChanged', () => {
  it('is empty for the same inputs, whatever the seed and the source', () => {
    expect(inputsChanged(before, aProvenance({ seed: 7, source: 'elsewhere' }))).toEqual([])
  })

  it.each([
    ['prompt', { promptHash: 'x' }],
    ['policy of the agent', { policyHash: 'x' }],
    ['tools allowed', { toolsHash: 'x' }],
    ['budgets', { budgetsHash: 'x' }],
    ['agent: support_refund_agent → other', { name: 'other' }],
    ['model executor: openai:gpt-4o → openai:gpt-5', { models: { executor: 'openai:gpt-5' } }],
    ['other settings of the agent', {}],
  ])('names: %s', (words, changes) => {
    expect(inputsChanged(before, withCandidate({ hash: 'x', ...changes }))).toEqual([words])
  })

  it('names tiers that came and went, also by odd names', () => {
    const models = { constructor: 'openai:a' }
    expect(inputsChanged(before, withCandidate({ models }))).toEqual([
      'model constructor: none → openai:a',
      'model executor: openai:gpt-4o → none',
    ])
    expect(inputsChanged(withCandidate({ models }), before)).toEqual([
      'model constructor: openai:a → none',
      'model executor: none → openai:gpt-4o',
    ])
  })

  it('names services that were moved, came or went', () => {
    const ours = { services: { gateway: 'https://ours.example/v1' } }
    const theirs = { services: { gateway: 'https://theirs.example/v1' } }
    expect(inputsChanged(aProvenance(ours), aProvenance(theirs))).toEqual([
      'service gateway: https://ours.example/v1 → https://theirs.example/v1',
    ])
    expect(inputsChanged(before, aProvenance(theirs))).toEqual([
      'service gateway: its own → https://theirs.example/v1',
    ])
    expect(inputsChanged(aProvenance(ours), before)).toHaveLength(1)
    expect(inputsChanged(aProvenance(ours), aProvenance(ours))).toEqual([])
  })

  it('names a judge, a rubric, code and prices that changed', () => {
    const judge = { model: 'openai:a', rubricHash: 'r' }
    expect(inputsChanged(before, aProvenance({ judge }))).toEqual(['judge: none → openai:a'])
    const reworded = { judge: { ...judge, rubricHash: 's' } }
    expect(inputsChanged(aProvenance({ judge }), aProvenance(reworded))).toEqual([
      'rubric of the judge',
    ])
    expect(inputsChanged(before, aProvenance({ prices: 'list 2' }))).toEqual([
      'prices: none → list 2',
    ])
    const recoded = withCandidate({ hash: 'x', codeHash: 'c' })
    expect(inputsChanged(before, recoded)).toEqual(['code of the agent'])
  })

  it('names an eval set that changed, with or without a new version', () => {
    const { evalSet } = before
    const newer = aProvenance({ evalSet: { ...evalSet, version: '1.4.0', hash: 'x' } })
    expect(inputsChanged(before, newer)).toEqual(['eval set: 1.3.0 → 1.4.0'])
    const silent = aProvenance({ evalSet: { ...evalSet, hash: 'x' } })
    expect(inputsChanged(before, silent)).toEqual(['eval set, under the same version'])
  })

  it('names a stand-in for the agent, and another version of this tool', () => {
    const now = aProvenance({ agentBehind: 'reference', tool: 'agent-eval 0.2.0' })
    expect(inputsChanged(before, now)).toEqual([
      'answered by: model → reference',
      'agent-eval: agent-eval 0.1.0 → agent-eval 0.2.0',
    ])
  })
})
