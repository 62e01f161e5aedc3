import { describe, expect, it } from 'vitest'
import { isPinnedName } from '../../../src/cli/doctor/pinned-name.ts'

describe('the name of a model', () => {
  it.each([
    'gpt-4o-2024-08-06',
    'gpt-4-0613',
    'gpt-3.5-turbo-0125',
    'o1-2024-12-17',
    'claude-sonnet-4-5-20250929',
    'claude-3-5-sonnet-20241022',
    'anthropic.claude-3-5-sonnet-20241022-v2:0',
    'ft:gpt-4o-mini-2024-07-18:acme::abc123',
    'openai/gpt-4o-2024-08-06',
    'mistral-large-2407',
    'gemini-1.5-pro-002',
    'llama3@sha256:0123456789abcdef',
  ])('is pinned: %s', (name) => {
    expect(isPinnedName(name)).toBe(true)
  })

  it.each([
    'gpt-4o',
    'gpt-4o-mini',
    'gpt-4.1',
    'o3',
    'claude-sonnet-4-5',
    'claude-3-5-sonnet-latest',
    'llama-3.1-405b',
    'llama-3-8192',
    'gpt-4o-2024-13-40',
    'model-v2024',
    '',
  ])('floats: %s', (name) => {
    expect(isPinnedName(name)).toBe(false)
  })
})
