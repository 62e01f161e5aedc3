import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../../src/providers/provider.ts'
import { textPart } from '../../../src/schema/message.ts'
import { knifeRefund, playOracle } from '../../fake-servers/play-oracle.ts'
import { aModelRequest, aShape, aTool, without } from '../a-model-request.ts'
import { aKey, aLiveService, never } from '../live.ts'

const refundTools = knifeRefund.flatMap((step) => ('call' in step ? [aTool(step.call)] : []))

describe('openaiService', () => {
  it('plays a refund: parallel calls, their results, the reply', async () => {
    const { server, service } = await aLiveService({
      kind: 'openai',
      answer: playOracle(knifeRefund),
    })
    const first = aModelRequest({ tools: refundTools })
    const asked = await service.attempt(first, never)
    expect(asked).toEqual({
      ok: true,
      response: {
        content: [
          {
            type: 'tool_call',
            callId: 'call_0_0',
            tool: 'crm.verify_customer',
            args: { customer_id: 'C-12', postcode: '97214' },
          },
          {
            type: 'tool_call',
            callId: 'call_0_1',
            tool: 'orders.get_status',
            args: { order_id: 'O-1201' },
          },
        ],
        modelServed: 'a-model',
        stopReason: 'tool_calls',
        usage: { inputTokens: 20, outputTokens: 10 },
        latencyMs: 5,
        retries: 0,
        from: 'live',
      },
      hints: { status: 200 },
      latencyMs: 5,
    })
    const content = asked.ok ? asked.response.content : []
    const second = aModelRequest({
      tools: refundTools,
      messages: [
        ...first.messages,
        { role: 'assistant', content },
        {
          role: 'tool',
          content: [
            aResult('call_0_0', 'crm.verify_customer', { verified: true }),
            aResult('call_0_1', 'orders.get_status', { total_usd: 44.8 }),
          ],
        },
      ],
    })
    expect(await service.attempt(second, never)).toMatchObject({
      ok: true,
      response: {
        content: [
          {
            tool: 'payments.issue_refund',
            args: { order_id: 'O-1201', amount_usd: 44.8, reason_code: 'damaged' },
          },
        ],
      },
    })
    expect(server.requests[1]?.body['messages']).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Refund my knife.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_0_0',
            type: 'function',
            function: {
              name: 'crm_verify_customer',
              arguments: '{"customer_id":"C-12","postcode":"97214"}',
            },
          },
          {
            id: 'call_0_1',
            type: 'function',
            function: { name: 'orders_get_status', arguments: '{"order_id":"O-1201"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_0_0', content: '{"verified":true}' },
      { role: 'tool', tool_call_id: 'call_0_1', content: '{"total_usd":44.8}' },
    ])
  })

  it('sends its key, the headers of the configuration, and no more than was asked for', async () => {
    const { server, service } = await aLiveService(
      { kind: 'openai', answer: () => ({ text: 'hi' }) },
      { headers: { 'x-team': 'support' } },
    )
    await service.attempt(aModelRequest({ tools: [] }), never)
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${aKey}`,
      'x-team': 'support',
    })
    expect(Object.keys(server.requests[0]?.body ?? {})).toEqual(['model', 'messages'])
  })

  it.each<[string, Partial<ModelRequest>, object]>([
    [
      'sampling',
      { sampling: { temperature: 0.2, top_p: 0.9, max_output_tokens: 300 } },
      { temperature: 0.2, top_p: 0.9, max_tokens: 300 },
    ],
    [
      'the newer name of the limit to reasoning models',
      { model: 'o4-mini', sampling: { max_output_tokens: 300, reasoning: { effort: 'low' } } },
      { max_completion_tokens: 300, reasoning_effort: 'low' },
    ],
    ['its seed where asked', { sampling: { send_seed: true } }, { seed: 7 }],
    [
      'one call at a time',
      { sampling: { parallel_tool_calls: false } },
      { parallel_tool_calls: false },
    ],
  ])('sends %s', async (_, parts, sent) => {
    const { server, service } = await aLiveService({
      kind: 'openai',
      answer: () => ({ text: 'hi' }),
    })
    await service.attempt(aModelRequest(parts), never)
    expect(without(['messages', 'model', 'tools'], server.requests[0]?.body)).toEqual(sent)
  })

  it('asks for structured answers by schema, and by a forced tool where there is none', async () => {
    const json = { tier: 'small' }
    const output = aShape
    const known = await aLiveService({ kind: 'openai', answer: () => ({ json }) })
    const reply = await known.service.attempt(aModelRequest({ output, tools: [] }), never)
    expect(reply).toMatchObject({
      response: { content: [textPart('{"tier":"small"}')], stopReason: 'end' },
    })
    expect(known.server.requests[0]?.body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'route', schema: aShape.schema, strict: true },
    })

    const message = 'response_format of type json_schema is not supported'
    const lacking = await aLiveService({
      kind: 'openai',
      answer: () => ({ json }),
      faults: [{ kind: 'status', status: 400, message }],
    })
    for (const ordinal of [0, 1]) {
      const again = await lacking.service.attempt(aModelRequest({ output, ordinal }), never)
      expect(again).toMatchObject({
        response: { content: [textPart('{"tier":"small"}')], stopReason: 'end' },
      })
    }
    expect(lacking.server.requests.map((request) => request.forcedTool)).toEqual([
      undefined,
      'route',
      'route',
    ])
  })

  it('takes the fence off structured answers of services that ignore schemas', async () => {
    const { service } = await aLiveService({
      kind: 'openai',
      answer: () => ({ text: '```json\n{"tier":"small"}\n```' }),
    })
    expect(await service.attempt(aModelRequest({ output: aShape }), never)).toMatchObject({
      response: { content: [textPart('{"tier":"small"}')] },
    })
  })

  it('tells why an answer ended', async () => {
    const answers = [
      { refusal: 'I will not.' },
      { text: 'and then', stop: 'length' },
      { text: 'done' },
      // As Ollama does.
      { toolCalls: [{ name: 'orders_get_status', args: {} }], stop: 'end' },
    ] as const
    const { service } = await aLiveService({
      kind: 'openai',
      answer: ({ index }) => answers[index] ?? {},
    })
    const reasons = []
    for (let asked = 0; asked < answers.length; asked += 1) {
      const reply = await service.attempt(aModelRequest(), never)
      reasons.push(reply.ok && [reply.response.stopReason, reply.response.content[0]])
    }
    expect(reasons).toMatchObject([
      ['refusal', textPart('I will not.')],
      ['length', textPart('and then')],
      ['end', textPart('done')],
      ['tool_calls', { type: 'tool_call' }],
    ])
  })

  it('counts tokens by kind', async () => {
    const { service } = await aLiveService({
      kind: 'openai',
      answer: () => ({
        text: 'hi',
        usage: { input: 1200, output: 300, cacheRead: 1000, reasoning: 50 },
      }),
    })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({
      response: {
        usage: {
          inputTokens: 1200,
          outputTokens: 300,
          cacheReadTokens: 1000,
          reasoningTokens: 50,
        },
      },
    })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['negative', { prompt_tokens: -5, completion_tokens: -1 }],
    ['text', { prompt_tokens: '12', completion_tokens: 'NaN' }],
    ['absurd', { prompt_tokens: 1e300, completion_tokens: 0.5 }],
    ['more cached than read', { prompt_tokens_details: { cached_tokens: 9 } }],
  ])('believes no usage of %s', async (_, usage) => {
    const { service } = await aLiveService({
      kind: 'openai',
      answer: () => ({ raw: { choices: [{ message: { content: 'hi' } }], usage } }),
    })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({
      ok: true,
      response: {
        modelServed: 'a-model',
        stopReason: 'end',
        usage: { inputTokens: 0, outputTokens: 0 },
      },
    })
  })

  it('keeps arguments that are no JSON as they are, and gives calls without an id one', async () => {
    const calls = [
      { function: { name: 'orders_get_status', arguments: '{"id": "O-1' } },
      { id: '', function: { name: 'orders.get_status', arguments: { id: 'O-2' } } },
      { id: null, function: { name: 'orders_get_status' } },
      { function: { name: 'rm_rf', arguments: '[1]' } },
    ]
    const { service } = await aLiveService({
      kind: 'openai',
      answer: () => ({ raw: { choices: [{ message: { content: '', tool_calls: calls } }] } }),
    })
    const reply = await service.attempt(aModelRequest({ ordinal: 3 }), never)
    const part = { type: 'tool_call', tool: 'orders.get_status' }
    expect(reply.ok && reply.response.content).toEqual([
      { ...part, callId: 'call_3_0', args: '{"id": "O-1' },
      { ...part, callId: 'call_3_1', args: { id: 'O-2' } },
      { ...part, callId: 'call_3_2', args: {} },
      { ...part, callId: 'call_3_3', tool: 'rm_rf', args: '[1]' },
    ])
  })

  it('sends back arguments that were no JSON inside an object, and thoughts beside calls', async () => {
    const { server, service } = await aLiveService({
      kind: 'openai',
      answer: () => ({
        thinking: 'Hm.',
        toolCalls: [{ name: 'orders_get_status', args: 'O-1' }],
      }),
    })
    const first = aModelRequest()
    const reply = await service.attempt(first, never)
    const content = reply.ok ? reply.response.content : []
    expect(content[0]).toEqual({
      type: 'reasoning',
      text: 'Hm.',
      opaque: { field: 'reasoning_content' },
    })
    await service.attempt(
      aModelRequest({ messages: [...first.messages, { role: 'assistant', content }] }),
      never,
    )
    expect(server.requests[1]?.body['messages']).toMatchObject([
      {},
      {},
      {
        reasoning_content: 'Hm.',
        tool_calls: [{ function: { arguments: '{"not_json":"O-1"}' } }],
      },
    ])
  })
})

function aResult(
  callId: string,
  tool: string,
  value: { readonly [key: string]: string | number | boolean },
): ModelRequest['messages'][number]['content'][number] {
  return { type: 'tool_result', callId, tool, isError: false, value }
}
