import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../../src/providers/provider.ts'
import { textPart } from '../../../src/schema/message.ts'
import { knifeRefund, playOracle } from '../../fake-servers/play-oracle.ts'
import { aModelRequest, aShape, aTool, without } from '../a-model-request.ts'
import { aKey, aLiveService, never } from '../live.ts'

const refundTools = knifeRefund.flatMap((step) => ('call' in step ? [aTool(step.call)] : []))

describe('anthropicService', () => {
  it('plays a refund: parallel calls, their results, the reply', async () => {
    const { server, service } = await aLiveService({
      kind: 'anthropic',
      answer: playOracle(knifeRefund),
    })
    const first = aModelRequest({ tools: refundTools })
    const asked = await service.attempt(first, never)
    expect(asked).toMatchObject({
      ok: true,
      response: {
        content: [
          { callId: 'toolu_0_0', tool: 'crm.verify_customer' },
          { callId: 'toolu_0_1', tool: 'orders.get_status', args: { order_id: 'O-1201' } },
        ],
        stopReason: 'tool_calls',
        latencyMs: 5,
        from: 'live',
      },
      hints: { status: 200 },
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
            {
              type: 'tool_result',
              callId: 'toolu_0_0',
              tool: 'crm.verify_customer',
              isError: true,
              value: 'no such customer',
            },
            {
              type: 'tool_result',
              callId: 'toolu_0_1',
              tool: 'orders.get_status',
              isError: false,
              value: { total_usd: 44.8 },
            },
          ],
        },
      ],
    })
    expect(await service.attempt(second, never)).toMatchObject({
      response: { content: [{ tool: 'payments.issue_refund', args: { amount_usd: 44.8 } }] },
    })
    expect(server.requests[1]?.body).toMatchObject({
      system: 'Be kind.',
      max_tokens: 8192,
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Refund my knife.' }] },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'toolu_0_0', name: 'crm_verify_customer' },
            { type: 'tool_use', id: 'toolu_0_1', name: 'orders_get_status' },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_0_0',
              content: 'no such customer',
              is_error: true,
            },
            { type: 'tool_result', tool_use_id: 'toolu_0_1', content: '{"total_usd":44.8}' },
          ],
        },
      ],
    })
  })

  it('sends its key the new way and the old, and the headers of the configuration', async () => {
    const { server, service } = await aLiveService(
      { kind: 'anthropic', answer: () => ({ text: 'hi' }) },
      { headers: { 'x-team': 'support' } },
    )
    await service.attempt(aModelRequest(), never)
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${aKey}`,
      'x-api-key': aKey,
      'x-team': 'support',
    })
    expect(server.requests[0]?.path).toBe('/v1/messages')
  })

  it.each<[string, ModelRequest['sampling'], object]>([
    ['nothing but a limit', { send_seed: true }, { max_tokens: 8192 }],
    [
      'sampling',
      { temperature: 0.2, top_p: 0.9, max_output_tokens: 300 },
      { temperature: 0.2, top_p: 0.9, max_tokens: 300 },
    ],
    [
      'a budget for thinking, with room for the answer',
      { reasoning: { max_tokens: 2000 } },
      { max_tokens: 10192, thinking: { type: 'enabled', budget_tokens: 2000 } },
    ],
    [
      'an effort',
      { reasoning: { effort: 'minimal' } },
      { max_tokens: 8192, thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    ],
    [
      'no thinking',
      { reasoning: { effort: 'none' } },
      { max_tokens: 8192, thinking: { type: 'disabled' } },
    ],
    [
      'one call at a time',
      { parallel_tool_calls: false },
      { max_tokens: 8192, tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    ],
  ])('sends %s', async (_, sampling, sent) => {
    const { server, service } = await aLiveService({
      kind: 'anthropic',
      answer: () => ({ text: 'hi' }),
    })
    await service.attempt(aModelRequest({ sampling }), never)
    const rest = without(['messages', 'model', 'tools', 'system'], server.requests[0]?.body)
    expect(rest).toEqual(sent)
  })

  it('asks for structured answers by schema, and by a forced tool where there is none', async () => {
    const json = { tier: 'small' }
    const output = aShape
    const known = await aLiveService({ kind: 'anthropic', answer: () => ({ json }) })
    expect(await known.service.attempt(aModelRequest({ output, tools: [] }), never)).toMatchObject({
      response: { content: [textPart('{"tier":"small"}')], stopReason: 'end' },
    })
    expect(known.server.requests[0]?.body['output_config']).toEqual({
      format: { type: 'json_schema', schema: aShape.schema },
    })

    const message = 'output_config: this model does not support structured outputs'
    const lacking = await aLiveService({
      kind: 'anthropic',
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

  it('tells why an answer ended', async () => {
    const answers = [
      { refusal: 'I will not.' },
      { text: 'and then', stop: 'length' },
      { text: 'done' },
    ] as const
    const { service } = await aLiveService({
      kind: 'anthropic',
      answer: ({ index }) => answers[index] ?? {},
    })
    const reasons = []
    for (let asked = 0; asked < answers.length; asked += 1) {
      const reply = await service.attempt(aModelRequest(), never)
      reasons.push(reply.ok && [reply.response.stopReason, reply.response.content])
    }
    expect(reasons).toEqual([
      ['refusal', [textPart('I will not.')]],
      ['length', [textPart('and then')]],
      ['end', [textPart('done')]],
    ])
  })

  it('adds what was cached to the input', async () => {
    const { service } = await aLiveService({
      kind: 'anthropic',
      answer: () => ({
        text: 'hi',
        usage: { input: 12_100, output: 500, cacheRead: 10_000, cacheWrite: 2_000 },
      }),
    })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({
      response: {
        usage: {
          inputTokens: 12_100,
          outputTokens: 500,
          cacheReadTokens: 10_000,
          cacheWriteTokens: 2_000,
        },
      },
    })
  })

  it.each([
    ['nothing', undefined],
    ['negative', { input_tokens: -5, cache_read_input_tokens: -7, output_tokens: null }],
  ])('believes no usage of %s', async (_, usage) => {
    const { service } = await aLiveService({
      kind: 'anthropic',
      answer: () => ({ raw: { content: [{ type: 'text', text: 'hi' }], usage } }),
    })
    expect(await service.attempt(aModelRequest(), never)).toMatchObject({
      ok: true,
      response: { modelServed: 'a-model', usage: { inputTokens: 0, outputTokens: 0 } },
    })
  })

  it('gives thoughts back word for word, with their signatures and in their place', async () => {
    const redacted = { type: 'redacted_thinking', data: 'b3BhcXVl' }
    const blocks = [
      { type: 'thinking', thinking: 'Hm.', signature: 'c2lnbmVk' },
      redacted,
      { type: 'tool_use', id: 'toolu_1', name: 'orders_get_status', input: { id: 'O-1' } },
    ]
    const { server, service } = await aLiveService({
      kind: 'anthropic',
      answer: () => ({ raw: { content: blocks, stop_reason: 'tool_use' } }),
    })
    const first = aModelRequest()
    const reply = await service.attempt(first, never)
    const content = reply.ok ? reply.response.content : []
    expect(content[0]).toEqual({
      type: 'reasoning',
      text: 'Hm.',
      opaque: { signature: 'c2lnbmVk' },
    })
    const foreign = { type: 'reasoning', text: 'of another service' } as const
    await service.attempt(
      aModelRequest({
        messages: [...first.messages, { role: 'assistant', content: [foreign, ...content] }],
      }),
      never,
    )
    expect(server.requests[1]?.body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Refund my knife.' }] },
      { role: 'assistant', content: blocks },
    ])
  })

  it('sends no empty text, and joins neighbours of one side', async () => {
    const { server, service } = await aLiveService({
      kind: 'anthropic',
      answer: () => ({ text: 'hi' }),
    })
    await service.attempt(
      aModelRequest({
        messages: [
          { role: 'user', content: [textPart(' ')] },
          { role: 'assistant', content: [textPart('Yes?')] },
          { role: 'user', content: [textPart('a')] },
          { role: 'assistant', content: [textPart('')] },
          { role: 'user', content: [textPart('b')] },
        ],
      }),
      never,
    )
    expect(server.requests[0]?.body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: '(no text)' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Yes?' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ])
  })
})
