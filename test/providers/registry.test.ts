import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { resolveModel } from '../../src/providers/registry.ts'

function errorOf(reference: string): AgentEvalError | undefined {
  try {
    resolveModel(reference)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  return undefined
}

describe('resolveModel', () => {
  it('takes a reference apart at its first colon', () => {
    const { model, provider } = resolveModel('reference:?skip=a:b')
    expect(model).toBe('?skip=a:b')
    expect(provider).toMatchObject({ id: 'reference', behind: 'reference' })
    expect(resolveModel('reference:').model).toBe('')
  })

  it('suggests what was meant', () => {
    expect(errorOf('refrence:x')).toMatchObject({
      code: 'usage',
      hint: 'did you mean "reference:"?',
    })
    expect(errorOf('reference')?.hint).toBe('did you mean "reference:"?')
    expect(errorOf('watson:x')?.hint).toBe('known: reference')
    expect(errorOf('gpt-4o')?.message).toContain('"gpt-4o"')
    expect(errorOf('')).toBeDefined()
  })
})
