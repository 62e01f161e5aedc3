import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type OpenedTarget, openedTarget, playOnce, repliesOf } from './play-target.ts'

let opened: OpenedTarget | undefined
let server: Server | undefined

afterEach(async () => {
  await opened?.close()
  opened = undefined
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

interface Task {
  readonly conversation: readonly { readonly text: string }[]
  readonly results?: readonly {
    readonly id?: string
    readonly value: { total: number }
    readonly notice?: string
  }[]
  readonly doors: Readonly<Record<string, string>>
}

/** A server whose answer to each task is written down. */
async function served(answer: (task: Task) => unknown, status = 200): Promise<string> {
  const listening = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      const said = request.method === 'POST' ? answer(JSON.parse(body) as Task) : 'up'
      response.writeHead(request.method === 'POST' ? status : 404)
      response.end(typeof said === 'string' ? said : JSON.stringify(said))
    })()
  })
  server = listening
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/agent?key=hidden`
}

describe('an agent that is asked over HTTP', () => {
  it('plays a trial: each POST brings the results so far', async () => {
    const http = await served(({ conversation, results = [] }) => {
      const turn = (conversation.length + 1) / 2
      if (results.length < turn) {
        const call = { id: `c${turn}`, tool: 'pay.refund', args: { amount: turn } }
        return { calls: [call] }
      }
      return { reply: results.map(({ id, value }) => `${id ?? ''}=${value.total}`).join() }
    })
    const ran = await playOnce({ http }, {}, { turns: ['a', 'b'] })
    expect(ran.end).toMatchObject({ termination: 'done' })
    expect(repliesOf(ran)).toEqual(['c1=1', 'c1=1,c2=3'])
    expect(ran.state).toMatchObject({ refunds: [1, 2] })
  })

  it('is warned with the results', async () => {
    const http = await served(({ results = [] }) =>
      results.length < 2
        ? { calls: [{ tool: 'pay.refund', args: { amount: results.length + 1 } }] }
        : { reply: results.map(({ notice }) => notice ?? 'nothing').join('; ') },
    )
    const ran = await playOnce(
      { http },
      {},
      {
        plan: { budgets: { max_tool_calls: 2 } },
        candidate: { budgets: { soft_share: 0.9 } },
      },
    )
    expect(repliesOf(ran)).toEqual(['nothing; budget: 2 of 2 tool calls used, 0 left'])
  })

  it('is told where its tools and models are', async () => {
    const http = await served(({ doors }) => ({ reply: Object.keys(doors).join() }))
    const ran = await playOnce({ http })
    expect(repliesOf(ran)).toEqual(['mcpUrl,openaiBaseUrl,anthropicBaseUrl'])
  })

  it('fails by answers that are none', async () => {
    const message = async (answer: unknown, status = 200): Promise<unknown> => {
      const http = await served(() => answer, status)
      const { end } = await playOnce({ http })
      expect(end.termination).toBe('agent_error')
      return end.message
    }
    expect(await message('<html>')).toBe('its answer is neither a reply nor calls: <html>')
    expect(await message({ calls: [] })).toContain('neither a reply nor calls')
    expect(await message({ reply: 'ok' }, 500)).toBe('it answered 500: {"reply":"ok"}')
    expect(await message('x'.repeat(5_000_000))).toBe('its answer is longer than 4194304 bytes')
  })

  it('fails by silence', async () => {
    const http = await served(() => ({ reply: 'never' }))
    server?.removeAllListeners('request')
    server?.on('request', (request, response) => {
      if (request.method === 'GET') response.end()
    })
    const { end } = await playOnce({ http, timeout_seconds: 0.2 })
    expect(end).toMatchObject({
      termination: 'agent_error',
      message: 'no reply within 0.2 seconds',
    })
  })

  it('is refused before the run where nobody listens, without its query', async () => {
    const http = await served(() => '')
    server?.close()
    server?.closeAllConnections()
    const error = await openedTarget({ http }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'usage' })
    expect(String(error)).toMatch(/ECONNREFUSED$/)
    expect(String(error)).not.toContain('hidden')
    await expect(openedTarget({ http: 'nonsense' })).rejects.toMatchObject({ code: 'usage' })
    await expect(openedTarget({ http: 'http://127.0.0.1:$PORT/' })).rejects.toMatchObject({
      code: 'usage',
    })
  })

  it('is not to blame where its server goes away that is not ours', async () => {
    const http = await served(() => '')
    opened = await openedTarget({ http })
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
    expect((await opened.play()).termination).toBe('harness_error')
  })
})

describe('a server that we start', () => {
  const start = { http: 'http://127.0.0.1:$PORT/', start: [process.execPath, 'server.mjs'] }
  const files = {
    'server.mjs': `
      import { createServer } from 'node:http'
      createServer(async (request, response) => {
        let body = ''
        for await (const chunk of request) body += chunk
        if (body.includes('crash')) { console.error('out of luck'); process.exit(7) }
        response.end(JSON.stringify({ reply: 'pid ' + process.pid }))
      }).listen(process.env.PORT, '127.0.0.1')`,
  }

  it('serves all trials, and is ended with the run', async () => {
    opened = await openedTarget(start, files)
    const { play } = opened
    const replies = (await Promise.all([play(), play(), play()])).flatMap(repliesOf)
    expect(new Set(replies).size).toBe(1)
    const pid = Number(replies[0]?.slice(4))
    expect(process.kill(pid, 0)).toBe(true)
    await opened.close()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('costs the trial that it falls in, and is started again', async () => {
    opened = await openedTarget(start, files)
    const fallen = await opened.play({ turns: ['crash'] })
    expect(fallen.end).toMatchObject({
      termination: 'agent_error',
      message: 'its server exited with code 7; stderr: out of luck',
    })
    expect((await opened.play()).termination).toBe('done')
  })

  it('is refused before the run where it does not come up', async () => {
    await expect(
      openedTarget(start, { 'server.mjs': 'console.error("no port"); process.exit(1)' }),
    ).rejects.toMatchObject({
      code: 'usage',
      message:
        "the agent's server does not come up: its server exited with code 1; stderr: no port",
    })
  })
})
