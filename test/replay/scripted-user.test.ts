import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UserMove } from '../../src/replay/user-side.ts'
import { aScriptedUser, noBooks } from './builders.ts'

type Talk = Parameters<typeof aScriptedUser>[0]

/** What the user says to each reply, one after the other; `undefined` where the talk ends. */
function answers(talk: Talk, replies: readonly string[]): readonly (string | undefined)[] {
  const user = aScriptedUser(talk)
  const { signal } = new AbortController()
  return replies.map((reply) => {
    const move = user.next(reply, noBooks, signal) as UserMove
    return 'say' in move ? move.say : undefined
  })
}

const asksFor = { say: 'It is O-1.', when: '(?i)order (id|number)' }

describe('a scripted user', () => {
  it('says one turn after the other, whatever the agent replies, then is done', () => {
    const turns = [{ say: 'a' }, { say: 'b' }, { say: 'c' }]
    expect(answers({ turns }, ['Hello.', '', 'Why?'])).toEqual(['b', 'c', undefined])
  })

  it('says what it waited to be asked for, before what waits for nothing', () => {
    const turns = [{ say: 'Refund it.' }, { say: 'Hurry.' }, asksFor]
    expect(answers({ turns }, ['Your order number?', 'Done.', 'Bye.'])).toEqual([
      'It is O-1.',
      'Hurry.',
      undefined,
    ])
  })

  it('says nothing that it was not asked for', () => {
    const turns = [{ say: 'Refund it.' }, asksFor]
    expect(answers({ turns }, ['Which one?', 'Done.'])).toEqual([undefined, undefined])
  })

  it('answers the first of two that wait for the same, each once', () => {
    const turns = [{ say: 'Hi.' }, { say: 'one', when: 'id' }, { say: 'two', when: 'id' }]
    expect(answers({ turns }, ['id', 'id', 'id'])).toEqual(['one', 'two', undefined])
  })

  it('says the same words twice where they stand twice', () => {
    const turns = [{ say: 'Hi.' }, { say: 'Yes.' }, { say: 'Yes.' }]
    expect(answers({ turns }, ['Sure?', 'Really?', 'Sure?'])).toEqual(['Yes.', 'Yes.', undefined])
  })

  it('falls back three times on questions that no turn answers', () => {
    const talk = { turns: [{ say: 'Hi.' }, asksFor], fallback: 'I do not know.' }
    expect(
      answers(talk, ['Colour?', 'Order id?', 'Size?', 'Weight?', 'Height?', 'Order id?']),
    ).toEqual([
      'I do not know.',
      'It is O-1.',
      'I do not know.',
      'I do not know.',
      undefined,
      undefined,
    ])
  })

  it('falls back only on questions', () => {
    const talk = { turns: [{ say: 'Hi.' }], fallback: 'I do not know.' }
    expect(answers(talk, ['Done.'])).toEqual([undefined])
    expect(answers(talk, ['Done, see https://shop.example/?o=1'])).toEqual([undefined])
  })

  it('sends each turn at most once, plain ones in order, waiting ones when asked for', () => {
    const turn = fc.record(
      { say: fc.string({ minLength: 1 }), when: fc.constantFrom('a', 'b', 'c') },
      { requiredKeys: ['say'] },
    )
    fc.assert(
      fc.property(
        fc.array(turn, { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b?', 'c', 'x', 'y?', ''), { maxLength: 15 }),
        (written, replies) => {
          const turns = written.map((one, index) => ({ ...one, say: `${index}` }))
          const said = answers({ turns, fallback: 'F' }, replies)
          const sent = said.filter((words) => words !== undefined && words !== 'F')
          expect(new Set(sent).size).toBe(sent.length)
          expect(said.filter((words) => words === 'F').length).toBeLessThanOrEqual(3)
          const plain = turns.slice(1).filter(({ when }) => when === undefined)
          const sentPlain = sent.filter((words) => plain.some(({ say }) => say === words))
          expect(sentPlain).toEqual(plain.slice(0, sentPlain.length).map(({ say }) => say))
          for (const [index, words] of said.entries()) {
            const when = turns.find(({ say }) => say === words)?.when
            if (when !== undefined) expect(replies[index]).toContain(when)
          }
        },
      ),
    )
  })
})
