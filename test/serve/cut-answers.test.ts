import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/cli/outside/listen.ts'
import { openPurse } from '../../src/money/purse.ts'
import { openServer, type ServerOptions } from '../../src/serve/open-server.ts'
import { takeTurns } from '../../src/serve/proxy/take-turns.ts'
import { runOutside } from './outside-run.ts'
import { tickingClock } from './ticking-clock.ts'

type Door = Awaited<ReturnType<typeof openServer>>

async function aDoor(
  handle: (response: ServerResponse) => unknown,
  more: Partial<ServerOptions> = {},
): Promise<Door> {
  const service = createServer((request, response) => {
    request.resume().on('end', () => void handle(response))
  })
  await new Promise<void>((resolve) => {
    service.listen(0, '127.0.0.1', resolve)
  })
  const baseUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const server = await openServer({
    listen,
    fetch,
    clock: tickingClock(),
    upstreams: { openai: { baseUrl, headers: () => ({}) } },
    price: (_, response) => ({ ...response, costUsd: response.usage.outputTokens }),
    ...more,
  })
  onTestFinished(async () => {
    await server.close()
    service.closeAllConnections()
    service.close()
  })
  return server
}

const ask = (base: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${base}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [], stream: true }),
    headers: { 'content-type': 'application/json' },
    ...(signal !== undefined && { signal }),
  })

const piece = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`
const text = piece({
  choices: [{ index: 0, delta: { content: 'All of it.' }, finish_reason: 'stop' }],
})
const usage = piece({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 7 } })

test('an answer costs what it costs also when the agent leaves before its end', async () => {
  let tell = (): void => undefined
  const left = new Promise<void>((resolve) => {
    tell = resolve
  })
  let known = (): void => undefined
  const paid = new Promise<void>((resolve) => {
    known = resolve
  })
  const server = await aDoor(
    async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(text)
      await left
      response.end(`${usage}data: [DONE]\n\n`)
    },
    {
      // It sees the end of the request only after the agent has been seen to leave.
      listen: (handle, options) =>
        listen((request) => {
          request.signal.addEventListener('abort', tell)
          return handle(request)
        }, options),
      price: (_, response) => {
        known()
        return { ...response, costUsd: response.usage.outputTokens }
      },
    },
  )
  const ran = await runOutside(server.openDoors, async ({ openaiBaseUrl }) => {
    const leaving = new AbortController()
    const answer = await ask(openaiBaseUrl, leaving.signal)
    await answer.body?.getReader().read()
    leaving.abort()
    await paid
    return 'done'
  })
  expect(ran.of('model.response').map(({ costUsd }) => costUsd)).toEqual([7])
})

test('what was told on the way of an answer that never ended is no price', async () => {
  const begun = { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } }
  let close = (): void => undefined
  const server = await aDoor(
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(piece(begun))
      response.on('close', close)
    },
    { clock: { ...tickingClock(), sleep: () => Promise.resolve() } },
  )
  const gone = new Promise<void>((resolve) => {
    close = resolve
  })
  const ran = await runOutside(server.openDoors, async ({ openaiBaseUrl }) => {
    const leaving = new AbortController()
    await ask(openaiBaseUrl, leaving.signal)
    leaving.abort()
    await gone
    return 'done'
  })
  expect(ran.of('model.response').map(({ costUsd }) => costUsd)).toEqual([undefined])
})

test('under a budget few requests are open at once, and the purse is asked before each', async () => {
  const purse = openPurse(3)
  let open = 0
  let most = 0
  let sent = 0
  const server = await aDoor(
    (response) => {
      sent += 1
      open += 1
      most = Math.max(most, open)
      setImmediate(() => {
        open -= 1
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end('{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":1}}')
      })
    },
    { maxOpen: 2 },
  )
  const statuses: number[] = []
  await runOutside(
    (trial) =>
      server.openDoors({
        ...trial,
        admitModel(request) {
          if (purse.isEmpty()) return { ok: false, why: 'spent' }
          const admission = trial.admitModel(request)
          if (!admission.ok) return admission
          const close: typeof admission.close = (reply) => {
            if (reply.ok) purse.pay(trial.key, reply.response.costUsd ?? 0)
            admission.close(reply)
          }
          return { ok: true, close }
        },
      }),
    async ({ openaiBaseUrl }) => {
      const all = Array.from({ length: 40 }, () => ask(openaiBaseUrl))
      for (const answer of await Promise.all(all)) statuses.push(answer.status)
      return 'done'
    },
  )
  expect(most).toBeLessThanOrEqual(2)
  expect(sent).toBeLessThanOrEqual(4)
  expect(statuses.filter((status) => status === 402)).toHaveLength(40 - sent)
})

test('turns come in order, and whoever leaves the queue is passed over', async () => {
  const takeTurn = takeTurns(1)
  const seen: string[] = []
  const never = new AbortController()
  const leaving = new AbortController()
  const first = await takeTurn(never.signal)
  const second = takeTurn(leaving.signal).then((leave) => seen.push(`second ${typeof leave}`))
  const third = takeTurn(never.signal).then((leave) => {
    seen.push('third')
    leave?.()
  })
  leaving.abort()
  await second
  expect(seen).toEqual(['second undefined'])
  first?.()
  first?.()
  await third
  expect(seen).toEqual(['second undefined', 'third'])
  expect(await takeTurn(leaving.signal)).toBeUndefined()
  expect(await takeTurn(never.signal)).toBeTypeOf('function')
})
