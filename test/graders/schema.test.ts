import { describe, expect, it } from 'vitest'
import { schema } from '../../src/graders/schema.ts'
import { call, say } from '../builders/trace.ts'
import { judge } from './judging.ts'

const wellFormed = { schema: {} }
const reply = {
  type: 'object',
  properties: { amount: { type: 'integer' } },
  required: ['amount'],
}

describe('schema', () => {
  it('passes calls that fit their tools', async () => {
    expect(await judge(schema, wellFormed, { steps: [call('a'), say('x')] })).toEqual({
      status: 'pass',
    })
  })

  it('fails a call with wrong arguments, also when the next one is right', async () => {
    const wrong = call('refund', { amount: '5' }, { schemaErrors: ['amount: must be number'] })
    expect(
      await judge(schema, wellFormed, { steps: [wrong, call('refund', { amount: 5 })] }),
    ).toEqual({
      status: 'fail',
      reason: 'one call did not fit the tool: refund(amount="5"): amount: must be number',
      evidence: ['tool.proposed refund'],
    })
  })

  it('fails a tool that does not exist, though it could have no schema error', async () => {
    const madeUp = call('refund all\n', {}, { effect: 'unknown' })
    expect(await judge(schema, wellFormed, { steps: [madeUp] })).toMatchObject({
      status: 'fail',
      reason: 'one call did not fit the tool: there is no tool "refund all\\n"',
    })
  })

  it('allows as many as the case says', async () => {
    const wrong = call('a', {}, { schemaErrors: ['x: is required'] })
    const lenient = { schema: { max_errors: 1 } }
    expect(await judge(schema, lenient, { steps: [wrong] })).toEqual({ status: 'pass' })
    expect(await judge(schema, lenient, { steps: [wrong, wrong] })).toMatchObject({
      reason: '2 calls did not fit the tool, allowed 1: a(): x: is required',
    })
  })

  it('holds the last reply against its schema', async () => {
    const expected = { schema: { reply } }
    const judged = (...texts: readonly string[]) =>
      judge(schema, expected, {
        asks: texts.map(() => 'Go on.'),
        steps: texts.map((text) => say(text)),
      })
    expect(await judged('{"amount": 5}')).toEqual({ status: 'pass' })
    expect(await judged('{"amount": 5.5}')).toEqual({
      status: 'fail',
      reason: 'the last reply does not fit its schema: amount: must be integer',
      evidence: ['assistant says {"amount": 5.5}'],
    })
    expect(await judged('{"amount": 5}', 'There you are.')).toMatchObject({
      reason: 'the last reply is no JSON: "There you are."',
    })
  })

  it('takes neither a fenced reply nor silence for JSON', async () => {
    const fenced = '```json\n{"amount": 5}\n```'
    expect(await judge(schema, { schema: { reply } }, { steps: [say(fenced)] })).toMatchObject({
      status: 'fail',
    })
    expect(await judge(schema, { schema: { reply } }, {})).toMatchObject({
      reason: 'there is no reply, expected one in JSON',
    })
  })

  it('refuses a reply schema that is none', async () => {
    const broken = { schema: { reply: { type: 'objekt' } } }
    await expect(judge(schema, broken, {})).rejects.toThrow(/the reply schema: /)
  })
})
