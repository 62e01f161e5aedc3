import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FakeAnswer } from './fake-exchange.ts'
import { faultAt } from './faults.ts'
import { knifeRefund, playOracle } from './play-oracle.ts'
import { byFirstWords, playAnswers } from './scripts.ts'
import { type FakeServer, type FakeServerOptions, startFakeServer } from './start-fake-server.ts'

async function aServer(options: FakeServerOptions): Promise<FakeServer> {
  const server = await startFakeServer(options)
  onTestFinished(server.close)
  return server
}

const both: FakeAnswer = {
  text: 'Let me look.',
  toolCalls: [
    { name: 'verify', args: { id: 'C-1' } },
    { name: 'status', args: { id: 'O-1' } },
  ],
  usage: { input: 100, output: 40, cacheRead: 60 },
}

describe('startFakeServer', () => {
  it("streams what OpenAI's SDK puts together again", async () => {
    const server = await aServer({ kind: 'openai', answer: () => both, key: 'k' })
    const client = new OpenAI({ apiKey: 'k', baseURL: server.baseUrl })
    const answer = await client.chat.completions
      .stream({
        model: 'm',
        messages: [{ role: 'user', content: 'hi' }],
        stream_options: { include_usage: true },
      })
      .finalChatCompletion()
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me look.',
        tool_calls: [
          { id: 'call_0_0', function: { name: 'verify', arguments: '{"id":"C-1"}' } },
          { id: 'call_0_1', function: { name: 'status', arguments: '{"id":"O-1"}' } },
        ],
      },
    })
    expect(answer.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 40 })
  })

  it("streams what Anthropic's SDK puts together again", async () => {
    const answer = { ...both, thinking: 'Hm.' }
    const server = await aServer({ kind: 'anthropic', answer: () => answer, key: 'k' })
    const client = new Anthropic({ apiKey: 'k', baseURL: server.baseUrl })
    const message = await client.messages
      .stream({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] })
      .finalMessage()
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2lnbmVk' },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'toolu_0_0', name: 'verify', input: { id: 'C-1' } },
        { type: 'tool_use', id: 'toolu_0_1', name: 'status', input: { id: 'O-1' } },
      ],
      usage: { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 40 },
    })
  })

  it('refuses a wrong key, unknown paths and broken scripts with words', async () => {
    const answer = (): never => {
      throw new Error('broken')
    }
    const server = await aServer({ kind: 'openai', answer, key: 'k' })
    const post = async (path: string, key: string): Promise<readonly [number, string]> => {
      const headers = { authorization: `Bearer ${key}` }
      const response = await fetch(server.url + path, { method: 'POST', headers, body: '{}' })
      return [response.status, await response.text()]
    }
    expect((await post('/v1/chat/completions', 'x'))[0]).toBe(401)
    expect((await post('/v1/other', 'k'))[0]).toBe(404)
    const [status, text] = await post('/trials/7/v1/chat/completions', 'k')
    expect([status, text]).toEqual([500, expect.stringContaining('broken')])
    expect(server.requests.map((request) => request.path)).toEqual([
      '/v1/chat/completions',
      '/trials/7/v1/chat/completions',
    ])
  })

  it('counts how many requests were open at once', async () => {
    const server = await aServer({ kind: 'openai', answer: () => ({ text: 'hi' }), latencyMs: 20 })
    const ask = (): Promise<Response> =>
      fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body: '{}' })
    await Promise.all([ask(), ask(), ask()])
    expect(server.mostInFlight()).toBe(3)
  })
})

describe('faultAt', () => {
  it('breaks the same requests for the same seed, in about the share that was asked for', () => {
    const plan = { seed: 1, rateLimited: 0.3, serverError: 0.05, dropped: 0.05 }
    const drawn = Array.from({ length: 1000 }, (_, index) => faultAt(plan, index))
    expect(Array.from({ length: 1000 }, (_, index) => faultAt(plan, index))).toEqual(drawn)
    const limited = drawn.filter((fault) => fault.kind === 'status' && fault.status === 429)
    expect(limited.length).toBeGreaterThan(250)
    expect(limited.length).toBeLessThan(350)
    expect(new Set(drawn.map((fault) => fault.kind))).toEqual(new Set(['none', 'status', 'drop']))
  })

  it('takes a list as far as it goes', () => {
    expect([0, 1].map((index) => faultAt([{ kind: 'hang' }], index).kind)).toEqual(['hang', 'none'])
  })
})

describe('scripts', () => {
  const request = (
    answers: number,
    first = 'hi',
  ): Parameters<ReturnType<typeof playAnswers>>[0] => ({
    index: 0,
    path: '',
    headers: {},
    body: {},
    model: 'm',
    isStream: false,
    system: '',
    messages: [
      { role: 'user', text: first, toolCalls: [], toolResults: [] },
      ...Array.from({ length: answers }, () => ({
        role: 'assistant' as const,
        text: '',
        toolCalls: [],
        toolResults: [],
      })),
    ],
    tools: ['crm_verify_customer'],
    schema: undefined,
    forcedTool: undefined,
  })

  it('plays by what stands in the conversation', () => {
    const script = playAnswers({ text: 'a' }, { text: 'b' })
    expect([0, 1, 2].map((answers) => script(request(answers)).text)).toEqual(['a', 'b', 'b'])
    const several = byFirstWords({ knife: script, lamp: () => ({ text: 'c' }) })
    expect(several(request(0, 'my lamp')).text).toBe('c')
    expect(() => several(request(0, 'my cat'))).toThrow('no script for: my cat')
  })

  it('calls at once what needs nothing of each other', () => {
    const [first, ...more] = [0, 1, 2, 3].map((answers) =>
      playOracle(knifeRefund)(request(answers)),
    )
    expect(first?.toolCalls?.map((call) => call.name)).toEqual([
      'crm_verify_customer',
      'orders.get_status',
    ])
    expect(more.map((answer) => answer.text ?? answer.toolCalls?.length)).toEqual([
      1,
      "I'm sorry about the knife. I have refunded $44.8, which takes three to five days.",
      'That is all.',
    ])
  })
})
