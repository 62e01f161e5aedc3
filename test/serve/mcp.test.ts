import { spawnSync } from 'node:child_process'
import { request } from 'node:http'
import path from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '../../src/cli/outside/listen.ts'
import { type OpenServer, openServer } from '../../src/serve/open-server.ts'
import { runOutside, tillTools } from './outside-run.ts'
import { tickingClock } from './ticking-clock.ts'

let server: OpenServer

beforeAll(async () => {
  server = await openServer({
    listen,
    fetch,
    clock: tickingClock(),
    upstreams: {},
    price: (_, response) => response,
  })
})

afterAll(async () => {
  await server.close()
})

type Transport = (url: string) => StreamableHTTPClientTransport | StdioClientTransport

const overHttp: Transport = (url) => new StreamableHTTPClientTransport(new URL(url))
const bridge = path.join(import.meta.dirname, '../../bin/agent-eval-mcp.js')
const overStdio: Transport = (url) =>
  new StdioClientTransport({
    command: process.execPath,
    args: [bridge],
    env: { AGENT_EVAL_MCP_URL: url },
  })

async function withClient<T>(
  transport: ReturnType<Transport>,
  use: (client: Client) => Promise<T>,
  mode: 'legacy' | 'auto' = 'legacy',
): Promise<T> {
  const client = new Client({ name: 'stock', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(transport)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

describe.each([
  ['streamable HTTP', overHttp, 'legacy'],
  ['streamable HTTP of the newest revision', overHttp, 'auto'],
  ['the bridge on stdin and stdout', overStdio, 'legacy'],
  ['the bridge with the newest revision', overStdio, 'auto'],
] as const)('a stock MCP client over %s', (_, transport, mode) => {
  test('lists the tools of the world with their schemas, dots and all', async () => {
    const seen: unknown[] = []
    await runOutside(server.openDoors, ({ mcpUrl }) =>
      withClient(
        transport(mcpUrl),
        async (client) => {
          const { tools } = await client.listTools()
          seen.push(
            ...tools.map(({ description, inputSchema, name }) => ({
              name,
              description,
              input: inputSchema,
            })),
          )
          return 'done'
        },
        mode,
      ),
    )
    expect(seen).toEqual(tillTools)
  })

  test('calls them through the controls, and the trace holds it all', async () => {
    const results: unknown[] = []
    const ran = await runOutside(server.openDoors, ({ mcpUrl }) =>
      withClient(
        transport(mcpUrl),
        async (client) => {
          results.push(
            await client.callTool({ name: 'orders.get', arguments: { id: 'O-1' } }),
            await client.callTool({
              name: 'pay.refund',
              arguments: { id: 'O-1', cents: 9900 },
              _meta: { reason: 'the customer insists' },
            }),
            await client.callTool({ name: 'pay.refund', arguments: { id: 'O-1', cents: 4200 } }),
            await client.callTool({ name: 'orders.ids' }),
            await client.callTool({ name: 'orders.get', arguments: { id: 7 } }),
            await client.callTool({ name: 'orders.drop', arguments: {} }),
          )
          return 'Refunded.'
        },
        mode,
      ),
    )
    expect(results.map(withoutMeta)).toEqual([
      {
        content: [{ type: 'text', text: '{"cents":4200}' }],
        structuredContent: { cents: 4200 },
        isError: false,
      },
      expect.objectContaining({
        isError: true,
        structuredContent: {
          error: {
            code: 'denied_by_policy',
            message: expect.stringMatching(/^refund\.cap/) as string,
          },
        },
      }),
      {
        content: [{ type: 'text', text: '{"paid":4200}' }],
        structuredContent: { paid: 4200 },
        isError: false,
      },
      { content: [{ type: 'text', text: '["O-1"]' }], isError: false },
      expect.objectContaining({ isError: true }),
      expect.objectContaining({ isError: true }),
    ])
    expect(ran.termination).toBe('done')
    expect(ran.state['refunds']).toEqual([4200])
    expect(ran.of('tool.proposed').map(({ reason, tool }) => [tool, reason])).toEqual([
      ['orders.get', undefined],
      ['pay.refund', 'the customer insists'],
      ['pay.refund', undefined],
      ['orders.ids', undefined],
      ['orders.get', undefined],
      ['orders.drop', undefined],
    ])
    expect(
      ran.of('policy.decision').filter(({ decision, source }) => {
        return source === 'policy' && decision === 'deny'
      }),
    ).toHaveLength(1)
    expect(ran.of('tool.result').map(({ status }) => status)).toEqual([
      'ok',
      'blocked',
      'ok',
      'ok',
      'error',
      'error',
    ])
  })

  test('is warned beside a result, in a text of its own', async () => {
    const results: unknown[] = []
    const ran = await runOutside(
      server.openDoors,
      ({ mcpUrl }) =>
        withClient(
          transport(mcpUrl),
          async (client) => {
            for (const id of ['O-1', 'O-2']) {
              results.push(await client.callTool({ name: 'orders.ids', arguments: { id } }))
            }
            return 'done'
          },
          mode,
        ),
      { budgets: { max_tool_calls: 2 }, softShare: 1 },
    )
    const ids = { type: 'text', text: '["O-1"]' }
    const text = '[notice from the operator] budget: 2 of 2 tool calls used, 0 left'
    expect(results.map(withoutMeta)).toEqual([
      { content: [ids], isError: false },
      { content: [ids, { type: 'text', text }], isError: false },
    ])
    expect(ran.of('notice')).toHaveLength(1)
  })

  test('is told that the trial has ended, and nothing happens any more', async () => {
    let url = ''
    await runOutside(server.openDoors, ({ mcpUrl }) => {
      url = mcpUrl
      return Promise.resolve('done')
    })
    await expect(withClient(transport(url), (client) => client.listTools(), mode)).rejects.toThrow(
      /the trial has ended/,
    )
  })
})

/** The newest revision signs its results. */
function withoutMeta(result: unknown): unknown {
  const signed = ['_meta', 'resultType']
  return Object.fromEntries(
    Object.entries(result as object).filter(([name]) => !signed.includes(name)),
  )
}

describe('JSON-RPC as it is written', () => {
  const post = (
    url: string,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    })
  const call = (id: number, cents: number): object => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'pay.refund', arguments: { id: 'O-1', cents } },
  })

  test('a batch of calls is carried out in its order', async () => {
    let text = ''
    const ran = await runOutside(server.openDoors, async ({ mcpUrl }) => {
      const answer = await post(mcpUrl, JSON.stringify([call(1, 10), call(2, 20), call(3, 30)]))
      text = await answer.text()
      return 'done'
    })
    expect(ran.state['refunds']).toEqual([10, 20, 30])
    expect(text.match(/"id":\d/g)).toEqual(['"id":1', '"id":2', '"id":3'])
  })

  test('many calls at once all happen, once each', async () => {
    const amounts = Array.from({ length: 20 }, (_, index) => index + 1)
    const ran = await runOutside(server.openDoors, async ({ mcpUrl }) => {
      await Promise.all(
        amounts.map(async (cents) =>
          (await post(mcpUrl, JSON.stringify(call(cents, cents)))).text(),
        ),
      )
      return 'done'
    })
    const refunds = ran.state['refunds'] as number[]
    expect([...refunds].sort((a, b) => a - b)).toEqual(amounts)
  })

  test('what is no JSON is refused in the protocol', async () => {
    let answer: Response | undefined
    await runOutside(server.openDoors, async ({ mcpUrl }) => {
      answer = await post(mcpUrl, '{"jsonrpc":')
      return 'done'
    })
    expect(answer?.status).toBe(400)
    expect(await answer?.json()).toMatchObject({ error: { code: -32_700 } })
  })
})

describe('names that model services take', () => {
  test('are listed on request, and lead to the same tools', async () => {
    const names: string[] = []
    const ran = await runOutside(server.openDoors, ({ mcpUrl }) =>
      withClient(overHttp(`${mcpUrl}?names=plain`), async (client) => {
        const { tools } = await client.listTools()
        names.push(...tools.map(({ name }) => name))
        await client.callTool({ name: 'pay_refund', arguments: { id: 'O-1', cents: 7 } })
        await client.callTool({ name: 'pay.refund', arguments: { id: 'O-1', cents: 8 } })
        return 'done'
      }),
    )
    expect(names).toEqual(['orders_get', 'pay_refund', 'orders_ids'])
    expect(ran.of('tool.proposed').map(({ tool }) => tool)).toEqual(['pay.refund', 'pay.refund'])
    expect(ran.state['refunds']).toEqual([7, 8])
  })
})

describe('who may come in', () => {
  const ask = async (headers: Record<string, string>): Promise<[number, unknown]> => {
    let told: [number, unknown] = [0, undefined]
    await runOutside(server.openDoors, async ({ mcpUrl }) => {
      const { hostname, pathname, port } = new URL(mcpUrl)
      told = await new Promise((resolve, reject) => {
        // `fetch` lets nobody choose a Host.
        const asked = request({ hostname, port, path: pathname, headers }, (answer) => {
          let text = ''
          answer.on('data', (chunk) => (text += String(chunk)))
          answer.on('end', () => {
            resolve([answer.statusCode ?? 0, JSON.parse(text)])
          })
        })
        asked.on('error', reject)
        asked.end()
      })
      return 'done'
    })
    return told
  }

  test('not a page in a browser, by whatever name it found us', async () => {
    const page = { error: { message: 'requests of web pages are not served' } }
    const name = { error: { message: 'this host name is not served here' } }
    expect(await ask({ origin: 'https://evil.example' })).toEqual([403, page])
    expect(await ask({ origin: 'null' })).toEqual([403, page])
    expect(await ask({ host: 'evil.example' })).toEqual([403, name])
  })

  test.each(['/', '/t', '/t/token-1', '/t/nobody/mcp', '/t/nobody/openai/v1/models', '/t//mcp'])(
    'nobody without a token: %s',
    async (path) => {
      let status = 0
      await runOutside(server.openDoors, async ({ mcpUrl }) => {
        status = (await fetch(new URL(path, mcpUrl), { method: 'POST', body: '{}' })).status
        return 'done'
      })
      expect(status).toBe(404)
    },
  )
})

describe('the bridge', () => {
  const start = (env: Record<string, string>, input: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [bridge], { env, input, encoding: 'utf8' })

  test('says what is missing', () => {
    const { status, stderr } = start({}, '')
    expect(status).toBe(2)
    expect(stderr).toMatch(/AGENT_EVAL_MCP_URL is not set/)
  })

  test('answers each request even where nobody is there, and stays quiet on the rest', () => {
    const lines = [
      '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      '',
      '{"jsonrpc":"2.0","method":"x"}',
      '{',
    ]
    const { stdout } = start({ AGENT_EVAL_MCP_URL: 'http://127.0.0.1:1/t/x/mcp' }, lines.join('\n'))
    const answers = String(stdout)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; error: { code: number } })
    expect(answers.map(({ error, id }) => [id, error.code])).toEqual([
      [1, -32_000],
      [null, -32_700],
    ])
  })
})
