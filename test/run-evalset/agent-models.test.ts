import { describe, expect, it } from 'vitest'
import { modelsOfTask } from '../../src/run-evalset/agent-models.ts'
import { candidate } from '../../src/schema/candidate.ts'

describe('modelsOfTask', () => {
  const models = {
    small: 'openai:small',
    big: 'openai:big',
    router: 'openai:router',
    judge: 'anthropic:judge',
  }
  const of = (parts: object): readonly string[] =>
    modelsOfTask(
      candidate.parse({ name: 'one', models, versions: { prompt: '', policy: '' }, ...parts }),
    )

  it('leaves out tiers of the project that run nothing', () => {
    expect(of({ model_tier: { executor: 'small' } })).toEqual(['openai:small'])
    const routes = { small: 'easy', big: 'hard' }
    expect(of({ model_tier: { executor: 'big', router: 'router', routes } })).toEqual([
      'openai:big',
      'openai:router',
      'openai:small',
    ])
  })

  it('takes all where a router has no routes, and of an agent of ones own', () => {
    const all = Object.values(models).sort()
    expect([...of({ model_tier: { executor: 'big', router: 'router' } })].sort()).toEqual(all)
    expect([...of({ target: { command: ['node'] } })].sort()).toEqual(all)
  })
})
