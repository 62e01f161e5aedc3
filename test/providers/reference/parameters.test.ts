import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../../src/errors.ts'
import { parseReferenceParameters } from '../../../src/providers/reference/parameters.ts'

function errorOf(text: string): AgentEvalError | undefined {
  try {
    parseReferenceParameters(text)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  return undefined
}

describe('parseReferenceParameters', () => {
  it('without any there are no faults', () => {
    const none = parseReferenceParameters('')
    expect(none).toEqual(parseReferenceParameters('?'))
    expect(none).toMatchObject({ mute: 0, drop: 0, wrong_arg: 0, double: 0, repeat_reads: 0 })
    expect(none).toMatchObject({ obey_injection: 0, verbosity: 1, skip: new Set() })
  })

  it('reads numbers and lists', () => {
    const read = parseReferenceParameters('?mute=0.03&skip=crm.verify,,pay.refund&verbosity=2.5')
    expect(read).toMatchObject({ mute: 0.03, verbosity: 2.5 })
    expect([...read.skip]).toEqual(['crm.verify', 'pay.refund'])
  })

  it('suggests what was meant', () => {
    expect(errorOf('?wrong_args=1')).toMatchObject({
      code: 'input',
      hint: 'did you mean "wrong_arg"?',
      message: expect.stringContaining('"wrong_args"') as string,
    })
    expect(errorOf('?nonsense=1')?.hint).toMatch(/^known: mute, drop, /)
    expect(errorOf('gpt-4o')).toBeDefined()
  })

  it.each([
    '?mute=2',
    '?mute=-0.1',
    '?mute=often',
    '?mute=NaN',
    '?verbosity=-1',
    '?verbosity=Infinity',
  ])('refuses %s', (text) => {
    expect(errorOf(text)?.code).toBe('input')
    expect(errorOf(text)?.message).toContain(text)
  })

  it('a hostile name is unknown like any other', () => {
    expect(errorOf('?__proto__=1')).toBeDefined()
    expect(errorOf('?constructor=1')).toBeDefined()
  })
})
