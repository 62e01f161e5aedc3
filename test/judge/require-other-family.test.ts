import { describe, expect, it } from 'vitest'
import { modelFamilies } from '../../src/judge/model-family.ts'
import { requireOtherFamily } from '../../src/judge/require-other-family.ts'

describe('modelFamilies', () => {
  it.each<[string, readonly string[]]>([
    ['openai:gpt-4o', ['openai']],
    ['openai:o3-mini', ['openai']],
    ['gateway:openai/gpt-4.1', ['openai']],
    ['openai:ft:gpt-4o:us::x', ['openai']],
    ['anthropic:claude-sonnet-4-5', ['anthropic']],
    ['anthropic:next', ['anthropic']],
    ['bedrock:anthropic.claude-3-haiku', ['anthropic']],
    ['openai:llama3.1:8b', ['meta']],
    ['ollama:deepseek-r1-distill-qwen-7b', ['alibaba', 'deepseek']],
    ['openai:my-own-model', ['openai:my-own-model']],
    ['stored:openai:gpt-4o', ['openai']],
    ['stored:demo', ['demo']],
    ['reference:', ['reference:']],
  ])('%s', (reference, families) => {
    expect(modelFamilies(reference)).toEqual(families)
  })
})

describe('requireOtherFamily', () => {
  const strict = { allow_same_family: false }

  it('refuses a judge of the family of any of the candidate’s models', () => {
    expect(() => {
      requireOtherFamily('openai:gpt-4o', ['anthropic:claude-opus', 'gw:gpt-4o-mini'], strict)
    }).toThrow(
      expect.objectContaining({
        code: 'usage',
        message:
          'the judge "openai:gpt-4o" is of the same family as the candidate\'s model "gw:gpt-4o-mini"',
        hint: expect.stringContaining('judge: { allow_same_family: true }') as string,
      }) as Error,
    )
  })

  it('refuses a model that judges itself, though nobody knows who made it', () => {
    expect(() => {
      requireOtherFamily('x:own', ['x:own'], strict)
    }).toThrow('same family')
  })

  it('takes another family, and the same where that is accepted', () => {
    expect(() => {
      requireOtherFamily('anthropic:claude-opus', ['openai:gpt-4o', 'reference:'], strict)
      requireOtherFamily('stored:demo', ['reference:'], strict)
      requireOtherFamily('openai:gpt-4o', ['openai:gpt-4o'], { allow_same_family: true })
    }).not.toThrow()
  })
})
