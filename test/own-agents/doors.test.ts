import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { playAnswers } from '../fake-servers/scripts.ts'
import { startFakeServer } from '../fake-servers/start-fake-server.ts'
import { readEvents, readLines } from '../real-models/read-results.ts'
import { candidateFile, shopWith } from './shop.ts'

const key = 'sk-ant-marked-92eb5ffee6ae2fec3ad71c777531578f'
const knife = 'refund.damaged.full[knife]'

/** A service that serves many trials: it finds its tools and its model in each question. */
const service = `
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

async function post(url, body, headers = {}) {
  const accept = 'application/json, text/event-stream'
  const all = { 'content-type': 'application/json', accept, ...headers }
  const answer = await fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  const text = await answer.text()
  return JSON.parse(text.replace(/^[^{]*/, ''))
}

createServer(async (request, response) => {
  if (request.method !== 'POST') return response.end()
  const { conversation, doors } = await json(request)
  const call = { name: 'orders_get_status', arguments: { order_id: 'O-1201' } }
  const { result } = await post(doors.mcpUrl, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })
  const messages = [{ role: 'user', content: conversation[0].text + result.content[0].text }]
  const { content } = await post(
    doors.anthropicBaseUrl + '/v1/messages',
    { model: 'claude-house', max_tokens: 100, messages },
    { 'x-api-key': 'made-up', 'anthropic-version': '2023-06-01' },
  )
  response.end(JSON.stringify({ reply: content[0].text }))
}).listen(process.env.PORT, '127.0.0.1')
`

it('a service uses the doors that come with each question, several trials at once', async () => {
  const server = await startFakeServer({
    kind: 'anthropic',
    key,
    latencyMs: 20,
    answer: playAnswers({ text: 'I have looked it up.', usage: { input: 1000, output: 100 } }),
  })
  onTestFinished(server.close)
  const cwd = shopWith(
    {
      cases: ['outcome/refund-full.yaml'],
      project: {
        providers: { anthropic: { base_url: server.baseUrl } },
        money: { prices: { 'claude-house': { input_per_mtok: 10, output_per_mtok: 100 } } },
      },
    },
    {
      'agents/service.mjs': service,
      'agents/service.yaml': candidateFile({
        target: { http: 'http://127.0.0.1:$PORT/ask', start: ['node', 'service.mjs'] },
      }),
    },
  )
  const argv = ['run', '--candidate', 'agents/service.yaml', '--case', knife, '-n', '6', '-q']
  const env = { PATH: process.env['PATH'] ?? '', ANTHROPIC_API_KEY: key }
  const { exitCode, stderr } = await runCli(argv, { cwd, env })
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(server.mostInFlight()).toBeGreaterThan(1)
  const lines = readLines(cwd)
  expect(lines).toHaveLength(6)
  for (const line of lines) {
    expect(line).toMatchObject({ termination: 'done', toolCalls: 1, modelCalls: 1 })
    expect(line.costUsd).toBeCloseTo(0.02, 12)
  }
  const events = readEvents(cwd, `${knife}#6`)
  const asked = events.filter((event) => event.type === 'model.request')
  expect(asked).toMatchObject([{ model: 'anthropic:claude-house', role: 'agent' }])
  const proposed = events.filter((event) => event.type === 'tool.proposed')
  expect(proposed).toMatchObject([{ tool: 'orders.get_status', args: { order_id: 'O-1201' } }])
})
