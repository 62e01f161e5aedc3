import { describe, expect, it } from 'vitest'
import { textOf } from '../../src/schema/message.ts'
import { call, type Ran, run, scripted } from './builders.ts'

/** Who said what in which turn. */
function spoken(ran: Ran): readonly string[] {
  return ran
    .of('message')
    .filter(({ role }) => role !== 'system')
    .map(({ content, role, turn }) => `${turn} ${role}: ${textOf(content)}`)
}

describe('a talk with a user', () => {
  it('numbers the turns by the messages that were sent', async () => {
    const turns = [
      'Refund it.',
      { say: 'O-1.', when: '(?i)order id' },
      { say: 'Red.', when: 'colour' },
    ]
    const ran = await run(['Your order id?', 'Anything else?', 'Bye.'], {
      turns: [...turns, 'No, thanks.'],
    })
    expect(spoken(ran)).toEqual([
      '1 user: Refund it.',
      '1 assistant: Your order id?',
      '2 user: O-1.',
      '2 assistant: Anything else?',
      '3 user: No, thanks.',
      '3 assistant: Bye.',
    ])
    expect(ran.termination).toBe('done')
  })

  it('goes on with the fallback, which counts as a turn', async () => {
    const ran = await run(['Which one?', 'Done.'], { fallback: 'I do not know.' })
    expect(spoken(ran).slice(2)).toEqual(['2 user: I do not know.', '2 assistant: Done.'])
  })

  it('asks the user only when the turn has ended', async () => {
    const turns = ['Hi.', { say: 'O-1.', when: 'id' }]
    const asksBesideACall = [{ type: 'text' as const, text: 'Your id?' }, call('crm.read')]
    const ran = await run([asksBesideACall, 'Never mind.'], { turns })
    expect(spoken(ran).filter((line) => line.includes('user'))).toEqual(['1 user: Hi.'])
  })

  it('does not answer words that never reached the user', async () => {
    const turns = ['Hi.', { say: 'O-1.', when: 'bob' }, 'Hello?']
    const rules = [{ condition: 'output.contains_pii == false', on_fail: 'deny' as const }]
    const replies = ['Are you bob@example.com?', 'Hi.']
    const withheld = await run(replies, { turns, rules })
    expect(spoken(withheld)[2]).toBe('2 user: Hello?')
    const heard = await run([...replies, 'Bye.'], { turns, rules, mode: 'observe' })
    expect(spoken(heard)[2]).toBe('2 user: O-1.')
  })

  it('may wait for the user', async () => {
    const moves = [{ say: 'Still there?' }, { termination: 'user_sim', message: 'gone' } as const]
    const user = { next: () => Promise.resolve(moves.shift() ?? { termination: 'done' as const }) }
    const ran = await run(['Wait.', 'Yes.'], { user })
    expect(spoken(ran)[2]).toBe('2 user: Still there?')
    expect(ran.end).toMatchObject({ termination: 'user_sim', message: 'gone' })
  })

  it('sends the data of a task with the first message, in one spelling', async () => {
    const model = scripted(['Ok.', 'Bye.'])
    const ran = await run(model, { turns: ['Pay it.', 'Thanks.'], input: { b: [1], a: 'x' } })
    const [first, second] = ran.of('message').filter(({ role }) => role === 'user')
    expect(first?.content).toEqual([
      { type: 'text', text: 'Pay it.' },
      { type: 'text', text: '{"a":"x","b":[1]}' },
    ])
    expect(second?.content).toEqual([{ type: 'text', text: 'Thanks.' }])
    expect(model.asked[0]?.messages[1]?.content).toEqual(first?.content)
  })

  it('says which tier each request of the agent went to', async () => {
    const ran = await run([[call('crm.read')], 'Done.'], {
      candidate: { model_tier: { router: 'small', executor: 'frontier' } },
    })
    expect(ran.of('model.request').map(({ model, tier }) => [model, tier])).toEqual([
      ['scripted:scripted-1', 'frontier'],
      ['scripted:scripted-1', 'frontier'],
    ])
  })
})
