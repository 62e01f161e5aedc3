import { spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import { describe, expect, it } from 'vitest'
import { createHost, type Host } from '../../src/cli/host/create-host.ts'
import type { AgentFunction } from '../../src/replay/targets/agent-function.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { folderWith } from './run-cli.ts'

interface Hosted {
  readonly host: Host
  readonly said: JsonObject[]
  readonly tell: (message: object) => void
  /** Once so many lines were said. */
  readonly lines: (count: number) => Promise<readonly JsonObject[]>
}

/** A host in this process that has loaded a function. */
async function hosting(agent: AgentFunction): Promise<Hosted> {
  const said: JsonObject[] = []
  const host = createHost({
    send: (line) => said.push(JSON.parse(line) as JsonObject),
    load: () => Promise.resolve(agent),
    withTurn: (_, run) => {
      run()
    },
  })
  const lines = async (count: number): Promise<readonly JsonObject[]> => {
    await expect.poll(() => said.length).toBe(count)
    return said
  }
  const tell = (message: object): void => {
    host.take(JSON.stringify(message))
  }
  tell({ type: 'load', file: './agent.ts', name: 'default' })
  await lines(1)
  return { host, said, tell, lines }
}

const task = { conversation: [] }

describe('the host of module targets', () => {
  it('gathers calls that are made together, and hands out their results', async () => {
    const { lines, tell } = await hosting(async (_, tools) => {
      const [a, b] = await Promise.all([tools.call('a', { x: 1 }), tools.call('b')])
      return `${JSON.stringify(a.value)} ${JSON.stringify(b.value)}`
    })
    tell({ type: 'task', turn: 4, task })
    expect((await lines(2))[1]).toEqual({
      type: 'calls',
      turn: 4,
      calls: [
        { id: 0, tool: 'a', args: { x: 1 } },
        { id: 1, tool: 'b', args: {} },
      ],
    })
    const results = [1, 0].map((id) => ({ id, isError: false, value: `r${id}` }))
    tell({ type: 'results', turn: 4, results })
    expect((await lines(3))[2]).toEqual({ type: 'reply', turn: 4, message: '"r0" "r1"' })
  })

  it('plays several turns at once, and ends one that is cancelled', async () => {
    const { lines, tell } = await hosting(async (_, tools, signal) => {
      const { value } = await tools.call('wait')
      return `${signal.aborted} ${JSON.stringify(value)}`
    })
    for (const turn of [1, 2]) tell({ type: 'task', turn, task })
    await lines(3)
    tell({ type: 'cancel', turn: 1 })
    expect((await lines(4))[3]).toEqual({ type: 'error', turn: 1, message: 'cancelled' })
    tell({ type: 'results', turn: 1, results: [{ id: 0, isError: false, value: 'late' }] })
    tell({ type: 'results', turn: 2, results: [{ id: 0, isError: false, value: 'in time' }] })
    expect((await lines(5))[4]).toEqual({ type: 'reply', turn: 2, message: 'false "in time"' })
  })

  it('does not send what JSON cannot hold', async () => {
    const { lines, tell } = await hosting(async (_, tools) => {
      const error = await tools
        .call('a', { n: 1n } as unknown as JsonObject)
        .catch((thrown: unknown) => thrown)
      return error instanceof TypeError ? 'refused' : 'sent'
    })
    tell({ type: 'task', turn: 1, task })
    expect((await lines(2))[1]).toMatchObject({ type: 'reply', message: 'refused' })
  })
})

describe('the program', () => {
  it('loads a module and ends when nobody is there any more', async () => {
    const cwd = folderWith({ 'agent.mjs': 'export const go = (task) => task.prompt + "!"' })
    const bin = path.join(import.meta.dirname, '..', '..', 'bin', 'agent-host.js')
    const child = spawn(process.execPath, [bin], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const tell = (message: object): void => {
      child.stdin.write(`${JSON.stringify(message)}\n`)
    }
    tell({ type: 'load', file: './agent.mjs', name: 'go' })
    expect((await lines.next()).value).toBe('{"type":"loaded"}')
    tell({ type: 'task', turn: 0, task: { prompt: 'Hi' } })
    expect((await lines.next()).value).toBe('{"type":"reply","turn":0,"message":"Hi!"}')
    child.stdin.end()
    expect(await ended).toBe(0)
  })
})
