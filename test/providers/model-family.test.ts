import { expect, it } from 'vitest'
import { modelFamily } from '../../src/providers/model-family.ts'

it.each([
  ['gpt-4o', 'openai'],
  ['o4-mini', 'openai'],
  ['ft:gpt-4o-mini:acme::1', 'openai'],
  ['openai/gpt-oss-120b', 'openai'],
  ['claude-sonnet-4-5', 'anthropic'],
  ['us.anthropic.claude-opus-5-v1:0', 'anthropic'],
  ['llama3', 'llama'],
  ['meta-llama/Llama-3.3-70B-Instruct', 'llama'],
  ['Qwen/Qwen3-32B', 'qwen'],
  ['gemini-2.5-pro', 'gemini'],
  ['mixtral:8x7b', 'mistral'],
  ['deepseek-r1-distill-qwen-7b', 'deepseek'],
  ['acme_small-3b', 'acme_small'],
  ['7b', '7b'],
])('%s is of the family %s', (model, family) => {
  expect(modelFamily(model)).toBe(family)
})
