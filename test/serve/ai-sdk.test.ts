import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { listen } from '../../src/cli/outside/listen.ts'
import { openServer } from '../../src/serve/open-server.ts'
import { playAnswers, resultsSoFar } from '../fake-servers/scripts.ts'
import { startFakeServer } from '../fake-servers/start-fake-server.ts'
import { runOutside } from './outside-run.ts'
import { tickingClock } from './ticking-clock.ts'

const key = 'sk-real-0123456789abcdef'
const agent = path.join(import.meta.dirname, 'agents/ai-sdk-agent.mjs')

/** The agent as a program; it sees these variables and no others of ours. */
async function runProgram(env: Record<string, string>, input: string): Promise<string> {
  const child = spawn(process.execPath, [agent], { env: { PATH: process.env['PATH'], ...env } })
  child.stdin.end(input)
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  if (code !== 0) throw new Error(stderr)
  return stdout.trim()
}

test('an agent on the AI SDK works through both doors, by environment variables alone', async () => {
  const model = await startFakeServer({
    kind: 'openai',
    key,
    answer: playAnswers(
      {
        toolCalls: [
          { name: 'orders.get', args: { id: 'O-1' } },
          { name: 'pay.refund', args: { id: 'O-1', cents: 9900 } },
        ],
      },
      { toolCalls: [{ name: 'pay.refund', args: { id: 'O-1', cents: 4200 } }] },
      { text: 'I refunded $42.00.' },
    ),
  })
  const server = await openServer({
    listen,
    fetch,
    clock: tickingClock(),
    upstreams: {
      openai: { baseUrl: model.baseUrl, headers: () => ({ authorization: `Bearer ${key}` }) },
    },
    price: (_, response) => ({ ...response, costUsd: 0.01 }),
  })
  let reply = ''
  const ran = await runOutside(server.openDoors, async (doors, words) => {
    const env = {
      OPENAI_BASE_URL: doors.openaiBaseUrl,
      OPENAI_API_KEY: 'made-up',
      AGENT_EVAL_MCP_URL: doors.mcpUrl,
    }
    reply = await runProgram(env, words)
    return reply
  })
  await server.close()
  await model.close()

  expect(reply).toBe('I refunded $42.00.')
  expect(ran.termination).toBe('done')
  expect(ran.state['refunds']).toEqual([4200])
  const proposed = ran.of('tool.proposed').map(({ ordinal, tool }) => ({ tool, ordinal }))
  const asked = ran.of('model.request').map(({ ordinal }) => ordinal)
  expect(asked).toHaveLength(3)
  expect(proposed).toEqual([
    { tool: 'orders.get', ordinal: asked[0] },
    { tool: 'pay.refund', ordinal: asked[0] },
    { tool: 'pay.refund', ordinal: asked[1] },
  ])
  const denied = ran.of('policy.decision').filter(({ decision }) => decision === 'deny')
  expect(denied.map(({ enforced, source }) => ({ source, enforced }))).toEqual([
    { source: 'policy', enforced: true },
  ])
  expect(ran.of('model.response').map(({ costUsd }) => costUsd)).toEqual([0.01, 0.01, 0.01])
  const last = model.requests.at(-1)
  expect(
    last === undefined ? [] : resultsSoFar(last).map((result) => /denied_by_policy/.test(result)),
  ).toEqual([false, true, false])
  expect(JSON.stringify(ran.events)).not.toContain(key)
})
