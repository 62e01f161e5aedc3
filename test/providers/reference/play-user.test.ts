import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heardMessage } from '../../../src/providers/heard-message.ts'
import { playUser } from '../../../src/providers/reference/play-user.ts'
import { createReferenceProvider } from '../../../src/providers/reference/reference.ts'
import { type Message, textPart } from '../../../src/schema/message.ts'
import { answerOf } from './talk.ts'

const knows = { 'order-id': 'O-1', email: 'ana@example.com', zip_code: '1010' }

/** What the user answers to each reply of a talk. */
function answers(replies: readonly string[], facts: Record<string, string> = knows): string[] {
  const messages: Message[] = [{ role: 'system', content: [textPart('be ana, email O-1')] }]
  return replies.map((reply) => {
    messages.push(heardMessage(reply))
    const text = playUser({ knows: facts }, messages)
    messages.push({ role: 'assistant', content: [textPart(text)] })
    return text
  })
}

describe('playUser', () => {
  it('tells what the agent asks for by name, in order of the names', () => {
    expect(answers(['Your ZIP  code, order_id and\nEmail, please?'])).toEqual([
      'email: ana@example.com. order id: O-1. zip code: 1010.',
    ])
  })

  it('tells each fact once, then has nothing to say', () => {
    expect(answers(['Email?', 'Order ID? And which email was it?', 'Email?'])).toEqual([
      'email: ana@example.com.',
      'order id: O-1.',
      'END',
    ])
  })

  it.each(['', 'Done.', 'Emails are slow.', 'Reorder idle things.', 'Order. Id est.', 'zip'])(
    'finds only whole names: %j',
    (reply) => {
      expect(answers([reply])).toEqual([reply === 'Order. Id est.' ? 'order id: O-1.' : 'END'])
    },
  )

  it('has nothing to tell by a name without a word in it', () => {
    expect(answers(['Anything? -'], { '-': 'x', '': 'y' })).toEqual(['END'])
  })

  it('does not depend on the order in which the facts were written', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(knows), { minLength: 3 }), (entries) => {
        const replies = ['email or zip code', 'order id']
        expect(answers(replies, Object.fromEntries(entries))).toEqual(answers(replies))
      }),
    )
  })

  it('tells no fact twice, whatever it is asked', () => {
    const names = fc.constantFrom('email', 'order id', 'zip-code', 'name')
    fc.assert(
      fc.property(fc.array(fc.array(names).map((asked) => asked.join(', '))), (replies) => {
        const told = answers(replies).join(' ')
        for (const value of Object.values(knows)) {
          expect(told.split(value).length).toBeLessThanOrEqual(2)
        }
      }),
    )
  })
})

describe('the reference provider as a user', () => {
  it('plays the script of its trial, metered as always', async () => {
    const provider = createReferenceProvider((trial) => (trial === 't#1' ? { knows } : undefined))
    const messages = [heardMessage('Your email?')]
    const answer = await answerOf(provider, { messages })
    expect(answer).toMatchObject({
      content: [{ type: 'text', text: 'email: ana@example.com.' }],
      stopReason: 'end',
      modelServed: 'reference',
      from: 'reference',
    })
    expect(answer.costUsd).toBeGreaterThan(0)
    const wordy = await answerOf(provider, { messages, model: '?verbosity=2&mute=1' })
    expect(wordy.content).toEqual(answer.content)
    expect(wordy.usage.inputTokens).toBe(2 * answer.usage.inputTokens)
  })
})
