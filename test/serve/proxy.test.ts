import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { listen } from '../../src/cli/outside/listen.ts'
import type {
  HttpCassette,
  HttpRequest,
  HttpResponse,
} from '../../src/providers/cassette/http-cassette.ts'
import type { Doors } from '../../src/replay/outside-trial.ts'
import type { Fallback } from '../../src/schema/candidate.ts'
import { openServer, type ServerOptions } from '../../src/serve/open-server.ts'
import type { FakeAnswer } from '../fake-servers/fake-exchange.ts'
import { type FakeServerOptions, startFakeServer } from '../fake-servers/start-fake-server.ts'
import { type OutsideRun, type OutsideRunOptions, runOutside } from './outside-run.ts'
import { tickingClock } from './ticking-clock.ts'

const key = 'sk-real-0123456789abcdef'
const open: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

type FakeService = Awaited<ReturnType<typeof startFakeServer>>

async function aService(options: Partial<FakeServerOptions> = {}): Promise<FakeService> {
  const service = await startFakeServer({
    kind: 'openai',
    answer: () => ({ text: 'Hello there.' }),
    key,
    ...options,
  })
  open.push(service.close)
  return service
}

/** A dollar for each token. */
const price: ServerOptions['price'] = (_, response) => ({
  ...response,
  costUsd: response.usage.inputTokens + response.usage.outputTokens,
})

async function aServer(
  baseUrl: string,
  options: Partial<ServerOptions> = {},
): Promise<Awaited<ReturnType<typeof openServer>>> {
  const headers = (): Record<string, string> => ({ authorization: `Bearer ${key}` })
  const server = await openServer({
    listen,
    fetch,
    clock: tickingClock(),
    upstreams: { openai: { baseUrl, headers }, anthropic: { baseUrl, headers } },
    price,
    ...options,
  })
  open.push(server.close)
  return server
}

/** One trial whose agent does what it is told, through the proxy in front of a service. */
async function through(
  baseUrl: string,
  agent: (doors: Doors) => Promise<unknown>,
  { options = {}, run = {} }: { options?: Partial<ServerOptions>; run?: OutsideRunOptions } = {},
): Promise<OutsideRun> {
  const { openDoors } = await aServer(baseUrl, options)
  return runOutside(
    openDoors,
    async (doors) => {
      await agent(doors)
      return 'done'
    },
    run,
  )
}

const openaiAt = (baseURL: string, apiKey = 'made-up'): OpenAI =>
  new OpenAI({ baseURL, apiKey, maxRetries: 0 })
const anthropicAt = (baseURL: string, apiKey = 'made-up'): Anthropic =>
  new Anthropic({ baseURL, apiKey, maxRetries: 0 })

const answers: Readonly<Record<string, FakeAnswer>> = {
  words: { text: 'Hello there, dear customer.', usage: { input: 30, output: 5, cacheRead: 10 } },
  'parallel tool calls': {
    text: 'Let me look.',
    toolCalls: [
      { name: 'orders_get', args: { id: 'O-1' }, id: 'call_a' },
      { name: 'orders_ids', args: {}, id: 'call_b' },
    ],
    model: 'served-1',
  },
  'a cut answer': { text: 'Hello the', stop: 'length' },
}

const messages = [{ role: 'user' as const, content: 'Hi.' }]

async function openaiAsk(client: OpenAI, stream: boolean): Promise<unknown> {
  const request = { model: 'gpt-x', messages }
  if (!stream) return withoutId(await client.chat.completions.create(request))
  const chunks = await client.chat.completions.create({ ...request, stream: true })
  const seen: unknown[] = []
  for await (const chunk of chunks) seen.push(withoutId(chunk))
  return seen
}

async function anthropicAsk(client: Anthropic, stream: boolean): Promise<unknown> {
  const request = { model: 'claude-x', max_tokens: 100, messages, system: 'Be brief.' }
  if (!stream) return withoutId(await client.messages.create(request))
  const seen: unknown[] = []
  for await (const event of await client.messages.create({ ...request, stream: true })) {
    seen.push('message' in event ? { ...event, message: withoutId(event.message) } : event)
  }
  return seen
}

/** The fake server numbers its answers. */
function withoutId(answer: object): object {
  return { ...answer, id: '-' }
}

describe.each(Object.entries(answers))('%s', (_, answer) => {
  test.each([false, true])(
    'through OpenAI’s own client as without us; streamed: %s',
    async (stream) => {
      const service = await aService({ answer: () => answer })
      const direct = await openaiAsk(openaiAt(service.baseUrl, key), stream)
      let seen: unknown
      const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
        seen = await openaiAsk(openaiAt(openaiBaseUrl), stream)
      })
      expect(seen).toEqual(direct)
      expect(ran.of('model.request')).toMatchObject([{ model: 'openai:gpt-x', messages: 1 }])
      const { cacheRead, input, output } = { input: 20, output: 10, cacheRead: 0, ...answer.usage }
      expect(ran.of('model.response')).toMatchObject([
        {
          modelRequested: 'openai:gpt-x',
          modelServed: answer.model ?? 'gpt-x',
          usage: { inputTokens: input, outputTokens: output, cacheReadTokens: cacheRead },
          costUsd: input + output,
          stopReason: answer.stop ?? (answer.toolCalls === undefined ? 'end' : 'tool_calls'),
          from: 'live',
        },
      ])
    },
  )

  test.each([false, true])(
    'through Anthropic’s own client as without us; streamed: %s',
    async (stream) => {
      const service = await aService({ kind: 'anthropic', answer: () => answer })
      const direct = await anthropicAsk(anthropicAt(service.baseUrl, key), stream)
      let seen: unknown
      const ran = await through(service.baseUrl, async ({ anthropicBaseUrl }) => {
        seen = await anthropicAsk(anthropicAt(anthropicBaseUrl), stream)
      })
      expect(seen).toEqual(direct)
      expect(ran.of('model.request')).toMatchObject([{ model: 'anthropic:claude-x', messages: 2 }])
      const { input, output } = { input: 20, output: 10, ...answer.usage }
      expect(ran.of('model.response')).toMatchObject([
        {
          modelServed: answer.model ?? 'claude-x',
          usage: { inputTokens: input, outputTokens: output },
          costUsd: input + output,
          stopReason: answer.stop ?? (answer.toolCalls === undefined ? 'end' : 'tool_calls'),
        },
      ])
    },
  )
})

/** A service of one's own, where the fake one is too well-behaved. */
async function aRawService(
  handle: (request: IncomingMessage, response: ServerResponse, body: string) => unknown,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => void handle(request, response, body))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  open.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const post = (url: string, body: unknown, more: RequestInit = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: 'Bearer made-up' },
    ...more,
  })

const chat = { model: 'gpt-x', messages }
const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`
const delta = (content: string, finish_reason: string | null = null): string =>
  event({ model: 'gpt-x', choices: [{ index: 0, delta: { content }, finish_reason }] })

describe('a stream', () => {
  test('comes through piece by piece, while the rest is still to be said', async () => {
    let goOn = (): void => undefined
    const heard = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const baseUrl = await aRawService(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      response.write(delta('Hel'))
      await heard
      response.write(delta('lo', 'stop'))
      response.end('data: [DONE]\n\n')
    })
    const pieces: string[] = []
    await through(baseUrl, async ({ openaiBaseUrl }) => {
      const chunks = await openaiAt(openaiBaseUrl).chat.completions.create({
        ...chat,
        stream: true,
      })
      for await (const chunk of chunks) {
        pieces.push(chunk.choices[0]?.delta.content ?? '')
        goOn()
      }
    })
    expect(pieces).toEqual(['Hel', 'lo'])
  })

  test('is asked for its usage, which only who asked for it gets', async () => {
    const service = await aService()
    const seen: number[] = []
    const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      for (const stream_options of [undefined, { include_usage: true }]) {
        const chunks = await openaiAt(openaiBaseUrl).chat.completions.create({
          ...chat,
          stream: true,
          ...(stream_options && { stream_options }),
        })
        let extra = 0
        for await (const { choices, usage } of chunks) if (choices.length === 0 && usage) extra += 1
        seen.push(extra)
      }
    })
    expect(seen).toEqual([0, 1])
    expect(service.requests.map(({ body }) => body['stream_options'])).toEqual([
      { include_usage: true },
      { include_usage: true },
    ])
    expect(ran.of('model.response').map(({ usage }) => usage.inputTokens)).toEqual([20, 20])
  })

  test('of a service that does not know how to tell its usage has no price', async () => {
    const bodies: string[] = []
    const baseUrl = await aRawService((_, response, body) => {
      bodies.push(body)
      if (body.includes('stream_options')) {
        response.writeHead(400).end('{"error":{"message":"unknown field stream_options"}}')
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`${delta('Hello', 'stop')}data: [DONE]\n\n`)
    })
    const ran = await through(baseUrl, async ({ openaiBaseUrl }) => {
      await openaiAsk(openaiAt(openaiBaseUrl), true)
      await openaiAsk(openaiAt(openaiBaseUrl), true)
    })
    expect(bodies.map((body) => body.includes('stream_options'))).toEqual([true, false, false])
    expect(ran.of('model.response')).toHaveLength(2)
    expect(ran.of('model.response').map(({ costUsd }) => costUsd)).toEqual([undefined, undefined])
  })

  test('that breaks off breaks off for the agent too, and is an error of the service', async () => {
    const service = await aService({ faults: [{ kind: 'drop', midway: true }] })
    let told: unknown
    const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      told = await openaiAsk(openaiAt(openaiBaseUrl), true).catch((error: unknown) => error)
    })
    expect(told).toBeInstanceOf(Error)
    expect(ran.of('model.error')).toMatchObject([
      { class: 'transient', message: 'the answer broke off' },
    ])
  })

  test('with an error in it is an error', async () => {
    const baseUrl = await aRawService((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(
        `event: error\n${event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })}`,
      )
    })
    const ran = await through(baseUrl, async ({ anthropicBaseUrl }) => {
      await anthropicAsk(anthropicAt(anthropicBaseUrl), true).catch(() => undefined)
    })
    expect(ran.of('model.error')).toMatchObject([
      { class: 'transient', message: 'in the stream: Overloaded' },
    ])
  })

  test('that never ends is hung up on some time after the agent has left, and has no price', async () => {
    let hungUp = (): void => undefined
    const gone = new Promise<void>((resolve) => {
      hungUp = resolve
    })
    const slept: number[] = []
    const sleep = (ms: number): Promise<void> => Promise.resolve(void slept.push(ms))
    const baseUrl = await aRawService((_, response) => {
      response.on('close', hungUp)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(delta('Hello'))
    })
    const ran = await through(
      baseUrl,
      async ({ openaiBaseUrl }) => {
        const chunks = await openaiAt(openaiBaseUrl).chat.completions.create({
          ...chat,
          stream: true,
        })
        await chunks[Symbol.asyncIterator]().next()
        chunks.controller.abort()
        await gone
      },
      { options: { clock: { ...tickingClock(), sleep } } },
    )
    expect(slept).toEqual([30_000])
    expect(ran.of('model.response').map(({ costUsd }) => costUsd)).toEqual([undefined])
    expect(ran.termination).toBe('done')
  })

  test('is known to the trial before the agent can act on it', async () => {
    const toolCall = { index: 0, id: 'call_1', function: { name: 'orders_ids', arguments: '{}' } }
    let finish = (): void => undefined
    const acted = new Promise<void>((resolve) => {
      finish = resolve
    })
    const baseUrl = await aRawService(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(
        event({ choices: [{ delta: { tool_calls: [toolCall] }, finish_reason: 'tool_calls' }] }) +
          event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
      )
      await acted
      response.end('data: [DONE]\n\n')
    })
    const ran = await through(baseUrl, async ({ mcpUrl, openaiBaseUrl }) => {
      const chunks = await openaiAt(openaiBaseUrl).chat.completions.create({
        ...chat,
        stream: true,
        stream_options: { include_usage: true },
      })
      for await (const { usage } of chunks) {
        if (!usage) continue
        await post(
          mcpUrl,
          { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'orders.ids' } },
          {
            headers: {
              'content-type': 'application/json',
              accept: 'application/json, text/event-stream',
            },
          },
        ).then((answer) => answer.text())
        finish()
      }
    })
    const order = ran.events.map(({ type }) => type)
    expect(order.indexOf('model.response')).toBeGreaterThan(-1)
    expect(order.indexOf('model.response')).toBeLessThan(order.indexOf('tool.proposed'))
    expect(ran.of('tool.proposed')[0]?.ordinal).toBe(ran.of('model.response')[0]?.ordinal)
  })
})

describe('what does not go well', () => {
  test('a 429 comes back as it was, for the agent’s own patience', async () => {
    const service = await aService({ faults: [{ kind: 'status', status: 429, retryAfter: 7 }] })
    let answer: Response | undefined
    let body: unknown
    const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      answer = await post(`${openaiBaseUrl}/chat/completions`, chat)
      body = await answer.json()
      await openaiAsk(openaiAt(openaiBaseUrl), false)
    })
    expect(answer?.status).toBe(429)
    expect(answer?.headers.get('retry-after')).toBe('7')
    expect(body).toMatchObject({ error: { message: 'fake error 429' } })
    expect(ran.of('model.error')).toMatchObject([
      { class: 'rate_limit', message: '429 fake error 429' },
    ])
    expect(ran.of('model.response')).toHaveLength(1)
  })

  test.each([
    [500, undefined, 'transient'],
    [404, undefined, 'bad_request'],
    [401, undefined, 'auth'],
    [400, 'context_length_exceeded', 'context_overflow'],
  ] as const)('HTTP %i %s is %s', async (status, code, kind) => {
    const service = await aService({
      faults: [{ kind: 'status', status, ...(code !== undefined && { code }) }],
    })
    let seen = 0
    const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      seen = (await post(`${openaiBaseUrl}/chat/completions`, chat)).status
    })
    expect(seen).toBe(status)
    expect(ran.of('model.error')).toMatchObject([{ class: kind }])
  })

  test('a service that is not there is a 502 in the service’s own words', async () => {
    const service = await aService()
    await service.close()
    let status = 0
    let body: unknown
    const ran = await through(service.baseUrl, async ({ anthropicBaseUrl }) => {
      const answer = await post(`${anthropicBaseUrl}/v1/messages`, chat)
      status = answer.status
      body = await answer.json()
    })
    const message = 'the model service: nothing listens there (connection refused)'
    expect(status).toBe(502)
    expect(body).toEqual({ type: 'error', error: { type: 'api_error', message } })
    expect(ran.of('model.error')).toMatchObject([{ class: 'transient', message }])
  })

  test('half an answer is told as one, whatever its status', async () => {
    const service = await aService({
      faults: [{ kind: 'malformed' }, { kind: 'drop', midway: true }],
    })
    const seen: number[] = []
    const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      const ask = () => post(`${openaiBaseUrl}/chat/completions`, chat)
      seen.push((await ask()).status, (await ask()).status)
    })
    expect(seen).toEqual([200, 502])
    expect(ran.of('model.error').map(({ message }) => message)).toEqual([
      'the answer is no JSON object',
      'the answer broke off',
    ])
  })

  test('a redirect is not followed: our key would go along', async () => {
    const elsewhere: string[] = []
    const other = await aRawService((request, response) => {
      elsewhere.push(request.url ?? '')
      response.end('{}')
    })
    const baseUrl = await aRawService((_, response) => {
      response.writeHead(307, { location: other }).end()
    })
    let status = 0
    await through(baseUrl, async ({ openaiBaseUrl }) => {
      status = (await post(`${openaiBaseUrl}/chat/completions`, chat)).status
    })
    expect(status).toBe(502)
    expect(elsewhere).toEqual([])
  })

  test.each([
    ['{"model":', 'the request is no JSON object'],
    ['[]', 'the request is no JSON object'],
    ['{"messages":[]}', 'it names no model'],
    [JSON.stringify({ model: 'x'.repeat(201) }), 'it names no model'],
  ])('a request that is none, %s, is refused unsent', async (body, message) => {
    const service = await aService()
    let told: unknown
    const ran = await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      const answer = await post(`${openaiBaseUrl}/chat/completions`, body)
      told = [answer.status, await answer.json()]
    })
    const type = 'invalid_request_error'
    expect(told).toEqual([400, { error: { message, type, param: null, code: null } }])
    expect(service.requests).toEqual([])
    expect(ran.of('model.request')).toEqual([])
  })

  test('what nobody could price is not served', async () => {
    const service = await aService()
    const seen: number[] = []
    await through(service.baseUrl, async ({ anthropicBaseUrl, openaiBaseUrl }) => {
      seen.push((await post(`${openaiBaseUrl}/embeddings`, chat)).status)
      seen.push((await post(`${anthropicBaseUrl}/v1/messages/batches`, {})).status)
      seen.push((await post(`${openaiBaseUrl}/responses`, { model: 'm', background: true })).status)
    })
    expect(seen).toEqual([404, 404, 400])
    expect(service.requests).toEqual([])
  })

  test('a service that is not configured says so, and ends the trial', async () => {
    let told: unknown
    const ran = await through(
      'http://127.0.0.1:1',
      async ({ openaiBaseUrl }) => {
        told = await (await post(`${openaiBaseUrl}/chat/completions`, chat)).json()
      },
      { options: { upstreams: {} } },
    )
    expect(told).toMatchObject({
      error: { message: expect.stringMatching(/no openai service/) as string },
    })
    expect(ran.of('model.error')).toMatchObject([{ class: 'auth' }])
    expect(ran.termination).toBe('provider_error')
  })
})

describe('the budget of the trial', () => {
  test('is asked before anything is sent', async () => {
    const service = await aService()
    const seen: unknown[] = []
    const ran = await through(
      service.baseUrl,
      async ({ openaiBaseUrl }) => {
        for (let count = 0; count < 2; count += 1) {
          const answer = await post(`${openaiBaseUrl}/chat/completions`, chat)
          seen.push([answer.status, answer.headers.get('x-should-retry')])
          await answer.text()
        }
      },
      { run: { budgets: { max_model_calls: 1 } } },
    )
    expect(seen).toEqual([
      [200, null],
      [402, 'false'],
    ])
    expect(service.requests).toHaveLength(1)
    expect(ran.termination).toBe('budget')
  })

  test('holds for an outage that the case declares: 503, and nothing is sent', async () => {
    const service = await aService()
    const seen: unknown[] = []
    const ask = async ({ openaiBaseUrl }: Doors): Promise<void> => {
      for (let count = 0; count < 3; count += 1) {
        const answer = await post(`${openaiBaseUrl}/chat/completions`, chat)
        seen.push([answer.status, answer.headers.get('x-should-retry')])
        if (!answer.ok) throw new Error(await answer.text())
      }
    }
    const fallback: Fallback = { on: ['outage'], say: 'We will call you.' }
    const ran = await through(service.baseUrl, ask, { run: { modelOutageFrom: 2, fallback } })
    expect(seen).toEqual([
      [200, null],
      [503, 'false'],
    ])
    expect(service.requests).toHaveLength(1)
    expect(ran.termination).toBe('fallback')
    expect(ran.of('message').at(-1)?.content).toEqual([{ type: 'text', text: 'We will call you.' }])
  })

  test('and after the end of the trial nothing is sent at all', async () => {
    const service = await aService()
    let url = ''
    await through(service.baseUrl, async ({ openaiBaseUrl }) => {
      url = openaiBaseUrl
    })
    const answer = await post(`${url}/chat/completions`, chat)
    expect([answer.status, await answer.json()]).toEqual([
      410,
      { error: { message: 'the trial has ended' } },
    ])
    expect(service.requests).toEqual([])
  })
})

describe('the key', () => {
  test('is ours on the way there, and nowhere on the way back', async () => {
    const headersSeen: IncomingMessage['headers'][] = []
    const baseUrl = await aRawService((request, response, body) => {
      headersSeen.push(request.headers)
      const { authorization = '' } = request.headers
      response.setHeader('x-echo', authorization)
      response.setHeader('set-cookie', 'a=b')
      if (body.includes('"stream":true')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const text = delta(`${authorization}!`, 'stop')
        const cut = text.indexOf('sk-real') + 10
        response.write(text.slice(0, cut), () => {
          response.end(`${text.slice(cut)}data: [DONE]\n\n`)
        })
        return
      }
      response
        .writeHead(403)
        .end(JSON.stringify({ error: { message: `not you: ${authorization}` } }))
    })
    const texts: string[] = []
    const ran = await through(baseUrl, async ({ openaiBaseUrl }) => {
      for (const stream of [true, false]) {
        const answer = await post(
          `${openaiBaseUrl}/chat/completions`,
          { ...chat, stream },
          {
            headers: {
              'x-api-key': 'made-up',
              cookie: 'c=d',
              'x-own': 'stays',
            },
          },
        )
        texts.push(JSON.stringify([...answer.headers]), await answer.text())
      }
    })
    expect(headersSeen[0]).toMatchObject({ authorization: `Bearer ${key}`, 'x-own': 'stays' })
    expect(headersSeen[0]?.['x-api-key']).toBeUndefined()
    expect(headersSeen[0]?.cookie).toBeUndefined()
    expect(texts.join()).not.toContain('sk-real')
    expect(texts[0]).not.toContain('set-cookie')
    expect(texts[1]).toContain('[redacted:api-key]!')
    expect(JSON.stringify(ran.events)).not.toContain('sk-real')
  })
})

describe('what costs nothing', () => {
  test('is passed on and leaves no trace', async () => {
    const paths: string[] = []
    const baseUrl = await aRawService((request, response) => {
      paths.push(
        `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`,
      )
      response.setHeader('content-type', 'application/json')
      response.end('{"data":[],"input_tokens":3}')
    })
    const ran = await through(baseUrl, async ({ anthropicBaseUrl, openaiBaseUrl }) => {
      await openaiAt(openaiBaseUrl).models.list()
      await anthropicAt(anthropicBaseUrl).messages.countTokens({ model: 'claude-x', messages })
    })
    expect(paths).toEqual([
      `GET /models Bearer ${key}`,
      `POST /v1/messages/count_tokens Bearer ${key}`,
    ])
    expect(ran.of('model.request')).toEqual([])
  })
})

describe('the responses API', () => {
  const response = {
    id: 'resp_1',
    object: 'response',
    model: 'gpt-y',
    status: 'completed',
    output: [
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      {
        type: 'message',
        id: 'm',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Hi.' }],
      },
      { type: 'function_call', call_id: 'c1', name: 'orders_ids', arguments: '{}' },
    ],
    usage: {
      input_tokens: 11,
      output_tokens: 7,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens_details: { reasoning_tokens: 2 },
    },
  }

  test.each([false, true])('is read and passed on; streamed: %s', async (stream) => {
    const baseUrl = await aRawService((_, answer) => {
      const isStream = stream ? 'text/event-stream' : 'application/json'
      answer.writeHead(200, { 'content-type': isStream })
      answer.end(
        stream
          ? event({ type: 'response.created', response: { ...response, output: [] } }) +
              event({ type: 'response.completed', response })
          : JSON.stringify(response),
      )
    })
    let text: unknown
    const ran = await through(baseUrl, async ({ openaiBaseUrl }) => {
      const request = { model: 'gpt-y', input: 'Hi.', instructions: 'Be brief.' }
      const client = openaiAt(openaiBaseUrl)
      if (stream) text = (await client.responses.stream(request).finalResponse()).output_text
      else text = (await client.responses.create(request)).output_text
    })
    expect(text).toBe('Hi.')
    expect(ran.of('model.request')).toMatchObject([{ model: 'openai:gpt-y', messages: 2 }])
    expect(ran.of('model.response')).toMatchObject([
      {
        stopReason: 'tool_calls',
        usage: { inputTokens: 11, outputTokens: 7, cacheReadTokens: 4, reasoningTokens: 2 },
        costUsd: 18,
      },
    ])
  })
})

/** A cassette in memory, by the words of the contract. */
function aCassette(): { record: HttpCassette; replay: HttpCassette; kept: () => HttpResponse[] } {
  const kept = new Map<string, HttpResponse>()
  const nameOf = (request: HttpRequest): string => JSON.stringify(request)
  return {
    kept: () => [...kept.values()],
    record: {
      mode: 'record',
      find: () => ({ ok: false, message: 'not asked' }),
      record: (request, response) => void kept.set(nameOf(request), response),
    },
    replay: {
      mode: 'replay',
      find(request) {
        const response = kept.get(nameOf(request))
        return response ? { ok: true, response } : { ok: false, message: 'nothing like it' }
      },
      record: () => {
        throw new Error('a replay keeps nothing')
      },
    },
  }
}

describe('a cassette', () => {
  const agent = async (
    { anthropicBaseUrl, openaiBaseUrl }: Doors,
    seen: unknown[],
  ): Promise<void> => {
    const client = openaiAt(openaiBaseUrl)
    seen.push(
      await openaiAsk(client, false).catch(String),
      await openaiAsk(client, true),
      await openaiAsk(client, false),
      await anthropicAsk(anthropicAt(anthropicBaseUrl), true).catch(String),
    )
  }

  test('plays back what was, streams and errors too, with the service off', async () => {
    const service = await aService({ faults: [{ kind: 'status', status: 429, retryAfter: 1 }] })
    const cassette = aCassette()
    const live: unknown[] = []
    const first = await through(service.baseUrl, (doors) => agent(doors, live), {
      options: { cassette: cassette.record },
    })
    await service.close()
    const replayed: unknown[] = []
    const second = await through(service.baseUrl, (doors) => agent(doors, replayed), {
      options: {
        cassette: cassette.replay,
        upstreams: {},
        fetch: () => Promise.reject(new Error('replay went live')),
        price: () => {
          throw new Error('a recorded cost is not counted again')
        },
      },
    })
    expect(replayed).toEqual(live)
    const costs = (ran: OutsideRun): unknown =>
      ran.of('model.response').map(({ costUsd }) => costUsd)
    expect(costs(second)).toEqual(costs(first))
    expect(costs(second)).toEqual([30, 30])
    expect(second.of('model.response').map(({ from }) => from)).toEqual(['cassette', 'cassette'])
    expect(second.of('model.error').map((one) => one.class)).toEqual(
      first.of('model.error').map((one) => one.class),
    )
    expect(cassette.kept().map(({ status }) => status)).toEqual([429, 200, 200, 404])
    expect(cassette.kept()[0]?.headers).toEqual({
      'content-type': 'application/json',
      'retry-after': '1',
    })
    expect(JSON.stringify(cassette.kept())).not.toContain(key)
  })

  test('without the recording says so, and never goes live', async () => {
    const service = await aService()
    let told: unknown
    const ran = await through(
      service.baseUrl,
      async ({ openaiBaseUrl }) => {
        told = await (await post(`${openaiBaseUrl}/chat/completions`, chat)).json()
      },
      { options: { cassette: aCassette().replay } },
    )
    expect(told).toMatchObject({ error: { message: 'nothing like it' } })
    expect(service.requests).toEqual([])
    expect(ran.of('model.error')).toMatchObject([{ class: 'cassette_miss' }])
  })

  test('keeps an answer that ended its trial', async () => {
    const service = await aService()
    const cassette = aCassette()
    for (const stream of [false, true]) {
      const ran = await through(
        service.baseUrl,
        async ({ openaiBaseUrl }) => {
          await openaiAsk(openaiAt(openaiBaseUrl), stream).catch(() => undefined)
        },
        { options: { cassette: cassette.record }, run: { budgets: { max_cost_usd: 1 } } },
      )
      expect(ran.termination).toBe('budget')
    }
    expect(cassette.kept().map(({ costUsd }) => costUsd)).toEqual([30, 30])
  })
})
