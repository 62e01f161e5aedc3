import { describe, expect, it } from 'vitest'
import { classifyRefusal, connectionTrouble } from '../../src/providers/classify-error.ts'

const none: readonly string[] = []

describe('classifyRefusal', () => {
  it.each([
    [429, none, 'Rate limit reached for requests', 'rate_limit'],
    [429, ['insufficient_quota'], 'You exceeded your current quota', 'auth'],
    [400, ['invalid_request_error'], 'Your credit balance is too low', 'auth'],
    [402, none, 'payment required', 'auth'],
    [401, none, 'no', 'auth'],
    [403, none, 'no', 'auth'],
    [400, ['context_length_exceeded'], 'too long', 'context_overflow'],
    [400, none, "This model's maximum context length is 8192 tokens", 'context_overflow'],
    [413, none, 'too large', 'context_overflow'],
    [413, ['rate_limit_exceeded'], 'too large for this account', 'bad_request'],
    [400, none, 'temperature: must be at most 1', 'bad_request'],
    [404, none, 'no such model', 'bad_request'],
    [422, none, 'unprocessable', 'bad_request'],
    [302, none, 'moved', 'bad_request'],
    [408, none, 'slow', 'transient'],
    [409, none, 'conflict', 'transient'],
    [500, none, 'the context window', 'transient'],
    [503, none, 'busy', 'transient'],
    [529, ['overloaded_error'], 'Overloaded', 'transient'],
  ] as const)('%i %j %s: %s', (status, codes, message, kind) => {
    expect(classifyRefusal({ status, codes, message })).toBe(kind)
  })
})

describe('connectionTrouble', () => {
  it('says what the innermost known cause means', () => {
    const inner = Object.assign(new Error('x'), { code: 'ENOTFOUND' })
    const error = new Error('Connection error.', {
      cause: new TypeError('fetch failed', { cause: inner }),
    })
    expect(connectionTrouble(error)).toBe('there is no such host')
    const odd = Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' })
    expect(connectionTrouble(odd)).toBe('the connection failed (CERT_HAS_EXPIRED)')
    expect(connectionTrouble('what')).toBe('the connection failed')
  })

  it('comes to an end where causes go in circles', () => {
    const error = new Error('x')
    error.cause = error
    expect(connectionTrouble(error)).toBe('the connection failed')
  })
})
