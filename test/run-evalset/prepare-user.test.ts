import { describe, expect, it } from 'vitest'
import { type PreparedUser, prepareUser, startUser } from '../../src/run-evalset/prepare-user.ts'
import type { EvalCase } from '../../src/schema/case.ts'
import { aCase } from '../builders/case.ts'

const expectation = { says: [{ any: 'x' }] }

function prepared(evalCase: EvalCase): PreparedUser {
  return prepareUser(evalCase, { prompt: '', turns: evalCase.turns, tools: [] })
}

describe('prepareUser', () => {
  it('refuses a pattern that does not compile, and names the case', () => {
    const conversation = [{ say: 'a' }, { say: 'b', when: '(?=x)' }]
    expect(() => prepared(aCase({ conversation, expect: expectation }))).toThrow(
      'case refund.full: /(?=x)/: ',
    )
    const user = { opening: 'a', goal: 'g', must_not: ['('] }
    expect(() => prepared(aCase({ user, expect: expectation }))).toThrow('case refund.full: /(/: ')
  })
})

describe('startUser', () => {
  it('starts each trial anew', () => {
    const user = prepared(
      aCase({ conversation: [{ say: 'a' }, { say: 'b' }], expect: expectation }),
    )
    const books = { record: () => ({}) as never, charge: () => undefined }
    const next = (): unknown =>
      startUser(user, undefined).next('Hi.', books, new AbortController().signal)
    expect([next(), next()]).toEqual([{ say: 'b' }, { say: 'b' }])
  })

  it('needs somebody to play a simulated user', () => {
    const user = prepared(aCase({ user: { opening: 'a', goal: 'g' }, expect: expectation }))
    expect(() => startUser(user, undefined)).toThrow('nobody plays the simulated user')
  })
})
