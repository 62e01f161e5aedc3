import { expect, it } from 'vitest'
import { parseProject } from '../../src/suites/load-project.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'

it('fills in what a project leaves out', () => {
  const parsed = parseProject('apiVersion: agent-eval/v1\nevalsets: [evals/a]\n', 'agent-eval.yaml')
  expect(parsed).toEqual({
    ok: true,
    value: {
      apiVersion: 'agent-eval/v1',
      evalsets: ['evals/a'],
      models: {},
      seed: 1,
      concurrency: 8,
      providers: {},
      money: { confirm_above_usd: 5, prices: {} },
      output: 'agent-eval-results',
      policies: { token_env: [] },
    },
  })
})

it('says what is wrong with it', () => {
  const text = 'apiVersion: agent-eval/v1\nevalset: [a]\nmodels: { small: gpt-4o }\nseed: -1\n'
  const parsed = parseProject(text, 'agent-eval.yaml')
  expect(parsed.ok ? '' : renderProblems(parsed.problems)).toMatchInlineSnapshot(`
    "agent-eval.yaml:1:1 evalsets: missing key "evalsets"; expected a list
    > 1 | apiVersion: agent-eval/v1
        | ^
    agent-eval.yaml:2:1 evalset: unknown key "evalset"; did you mean "evalsets"?
      1 | apiVersion: agent-eval/v1
    > 2 | evalset: [a]
        | ^
    agent-eval.yaml:3:18 models.small: "gpt-4o" is not allowed; a model is written provider:model, for example reference: or openai:gpt-4o
      2 | evalset: [a]
    > 3 | models: { small: gpt-4o }
        |                  ^
    agent-eval.yaml:4:7 seed: must be at least 0
      3 | models: { small: gpt-4o }
    > 4 | seed: -1
        |       ^
    "
  `)
})
