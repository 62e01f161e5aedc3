import { describe, expect, it } from 'vitest'
import {
  createScriptedProvider,
  type Moment,
  playInOrder,
  playOracle,
  type Script,
} from '../../src/lint/scripted-provider.ts'
import type { Message, Part } from '../../src/schema/message.ts'

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] })
const answer = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] })
const results: Message = {
  role: 'tool',
  content: [
    { type: 'tool_result', callId: 'call-1', tool: 't', isError: false, value: { id: 'O-1' } },
    { type: 'tool_result', callId: 'call-2', tool: 't', isError: true, value: 'gone' },
  ],
}

async function next(script: Script, ...messages: readonly Message[]): Promise<readonly Part[]> {
  const asked = { model: '', role: 'agent', tools: [], sampling: {}, seed: 0, trial: '' } as const
  const request = { ...asked, messages, ordinal: 0 }
  const reply = await createScriptedProvider(script).complete(request, new AbortController().signal)
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.response.content
}

describe('createScriptedProvider', () => {
  it('tells the script where in the talk it is', async () => {
    let seen: Moment | undefined
    const script: Script = (moment) => {
      seen = moment
      return { say: '' }
    }
    await next(script, user('Hi.'), answer('Hello.'), user('Pay.'), answer(''), results)
    expect(seen).toMatchObject({ answered: 2, heard: ['Hi.', 'Pay.'], inTurn: 1 })
    expect([1, 2, 3].map((number) => seen?.resultOf(number))).toEqual([
      { id: 'O-1' },
      undefined,
      undefined,
    ])
  })

  it('gives every call an id of its own, and says nothing by no content', async () => {
    const script = playInOrder([{ call: 'a', args: {}, reason: 'why' }, { say: 'Bye.' }])
    expect(await next(script, user('Hi.'))).toEqual([
      { type: 'tool_call', callId: 'call-1', tool: 'a', args: {}, reason: 'why' },
    ])
    expect(await next(script, user('Hi.'), answer('x'))).toEqual([{ type: 'text', text: 'Bye.' }])
    expect(await next(script, user('Hi.'), answer('x'), answer('y'))).toEqual([])
  })

  it('fills in what an oracle refers to', async () => {
    const script = playOracle([{ call: 'b', args: { id: '$1.id' } }, { say: 'It is {$1.id}.' }])
    const call = await next(script, user('Hi.'), results)
    expect(call).toMatchObject([{ tool: 'b', args: { id: 'O-1' } }])
    expect(await next(script, user('Hi.'), answer('x'), results)).toEqual([
      { type: 'text', text: 'It is O-1.' },
    ])
  })
})
