import { describe, expect, it } from 'vitest'
import { says } from '../../src/graders/says.ts'
import { call, say } from '../builders/trace.ts'
import { judge } from './judging.ts'

const amount = '\\$42\\.00\\b'
const talk = { asks: ['Refund?', 'Thanks.'] }

describe('says', () => {
  it('passes when one of the patterns is in one of the replies', async () => {
    const expected = { says: [{ any: ['nonsense', amount] }] }
    const steps = [say('You get $42.00 back.'), say('Bye.')]
    expect(await judge(says, expected, { ...talk, steps })).toEqual({ status: 'pass' })
  })

  it('fails when none is, and points at what was said instead', async () => {
    const expected = { says: [{ any: [amount, '42 dollars'] }] }
    expect(await judge(says, expected, { steps: [say('You get $42.001.')] })).toEqual({
      status: 'fail',
      reason: 'no reply says /\\$42\\.00\\b/ or /42 dollars/',
      evidence: ['assistant says You get $42.001.'],
    })
  })

  it('fails on forbidden words, wherever they are said', async () => {
    const expected = { says: [{ any: 'refund', must_not: '(?i)i have refunded' }] }
    const steps = [[say('I have refunded you.'), call('a')], say('The refund is on its way.')]
    expect(await judge(says, expected, { steps })).toEqual({
      status: 'fail',
      reason: 'said /(?i)i have refunded/ in turn 1, which this case forbids',
      evidence: ['assistant says I have refunded you.'],
    })
  })

  it('looks at the last reply, or at one turn', async () => {
    const steps = [say('You get $42.00 back.'), say('Bye.')]
    const judged = (scope: 'last' | { turn: number }) =>
      judge(says, { says: [{ any: amount, scope }] }, { ...talk, steps })
    expect(await judged({ turn: 1 })).toEqual({ status: 'pass' })
    expect(await judged('last')).toMatchObject({
      reason: 'the last reply does not say /\\$42\\.00\\b/',
      evidence: ['assistant says Bye.'],
    })
    expect(await judged({ turn: 2 })).toMatchObject({
      reason: expect.stringMatching(/turn 2/) as string,
    })
    expect(await judged({ turn: 3 })).toMatchObject({
      reason: 'said nothing in turn 3',
      evidence: [],
    })
  })

  it('takes words of an earlier turn for no answer to the last question', async () => {
    const expected = { says: [{ any: amount, scope: 'last' as const }] }
    const steps = [say('You get $42.00 back.'), say('')]
    expect(await judge(says, expected, { ...talk, steps })).toMatchObject({
      reason: 'said nothing in the last turn',
    })
  })

  it('takes silence neither for an answer nor for restraint', async () => {
    expect(await judge(says, { says: [{ any: 'x' }] }, {})).toMatchObject({
      reason: 'said nothing',
    })
    expect(await judge(says, { says: [{ must_not: 'x' }] }, {})).toMatchObject({
      reason: 'said nothing',
    })
    expect(await judge(says, { says: [{ any: '(?s).*' }] }, { steps: [say(' \n')] })).toMatchObject(
      {
        reason: 'said nothing',
      },
    )
  })

  it('does not count words that a control kept from the user, nor the user echoed by a tool', async () => {
    const expected = { says: [{ any: amount }] }
    const steps = [say('$42.00', { withheld: true })]
    expect(await judge(says, expected, { steps })).toMatchObject({ reason: 'said nothing' })
    const echo = [call('notes.add', { text: '$42.00' }, { value: '$42.00' }), say('Noted.')]
    expect(await judge(says, expected, { asks: ['$42.00?'], steps: echo })).toMatchObject({
      status: 'fail',
    })
    const leaked = { says: [{ must_not: 'secret' }] }
    const kept = [say('the secret', { withheld: true }), say('I cannot say that.')]
    expect(await judge(says, leaked, { ...talk, steps: kept })).toEqual({ status: 'pass' })
  })

  it('shortens long patterns', async () => {
    const judged = await judge(says, { says: [{ any: 'x'.repeat(900) }] }, { steps: [say('y')] })
    expect(judged.reason?.length).toBeLessThan(200)
  })
})
