import path from 'node:path'
import type { AgentFunction, AgentTools, ToolAnswer } from '../../replay/targets/agent-function.ts'
import type { ToHost } from '../../replay/targets/host-protocol.ts'
import { withoutFolder } from '../../replay/targets/without-folder.ts'
import type { JsonObject } from '../../schema/json.ts'

/** What the host is made of. */
export interface HostPorts {
  readonly send: (line: string) => void
  readonly load: (file: string, name: string) => Promise<AgentFunction>
  /** Runs a turn so that its faults are known to be its own. */
  readonly withTurn: (turn: number, run: () => void) => void
}

export interface Host {
  /** Takes one line of the protocol. */
  readonly take: (line: string) => void
  /** A fault of a turn that nobody caught. */
  readonly fail: (turn: number, error: unknown) => void
}

/** A turn that a function plays. */
interface Turn {
  readonly over: AbortController
  readonly open: Map<number, (answer: ToolAnswer) => void>
  /** Calls that were made since the last were sent. */
  proposed: object[]
  calls: number
}

interface Hosting extends HostPorts {
  readonly turns: Map<number, Turn>
  agent: AgentFunction | undefined
}

const turnOver: ToolAnswer = {
  isError: true,
  value: { error: { code: 'turn_over', message: 'the turn is over; nothing was done' } },
}

/** Plays turns with the function that it is told to load, as many at a time as it is given. */
export function createHost(ports: HostPorts): Host {
  const hosting: Hosting = { ...ports, turns: new Map(), agent: undefined }
  return {
    take(line) {
      const message = JSON.parse(line) as ToHost
      if (message.type === 'load') void load(hosting, message)
      else if (message.type === 'task') begin(hosting, message)
      else if (message.type === 'results') answer(hosting, message)
      else stop(hosting, message.turn, { type: 'error', message: 'cancelled' })
    },
    fail(turn, error) {
      stop(hosting, turn, { type: 'error', message: whatFailed(error) })
    },
  }
}

async function load(
  hosting: Hosting,
  { file, name }: Extract<ToHost, { type: 'load' }>,
): Promise<void> {
  try {
    hosting.agent = await hosting.load(file, name)
    send(hosting, { type: 'loaded' })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    send(hosting, { type: 'unloadable', message })
  }
}

function begin(hosting: Hosting, { task, turn }: Extract<ToHost, { type: 'task' }>): void {
  const playing: Turn = { over: new AbortController(), open: new Map(), proposed: [], calls: 0 }
  hosting.turns.set(turn, playing)
  const run = async (): Promise<void> => {
    const tools = toolsOf(hosting, turn, playing)
    const said = await hosting.agent?.(task, tools, playing.over.signal)
    const reply = typeof said === 'object' ? said.reply : said
    if (typeof reply !== 'string') throw new Error('it returned neither a text nor { reply }')
    stop(hosting, turn, { type: 'reply', message: reply })
  }
  hosting.withTurn(turn, () => {
    run().catch((error: unknown) => {
      stop(hosting, turn, { type: 'error', message: whatFailed(error) })
    })
  })
}

function toolsOf(hosting: Hosting, turn: number, playing: Turn): AgentTools {
  return {
    call: (tool, args = {}, { reason } = {}) => {
      if (playing.over.signal.aborted) return Promise.resolve(turnOver)
      const id = playing.calls
      playing.calls += 1
      return new Promise((resolve) => {
        const call = asJsonHolds({ id, tool, args, reason })
        playing.open.set(id, resolve)
        // Whatever runs now may propose more: it all goes together.
        if (playing.proposed.length === 0) setImmediate(propose, hosting, turn, playing)
        playing.proposed.push(call)
      })
    },
  }
}

/** A call as it is now, and as JSON holds it; throws where it cannot. */
function asJsonHolds(call: {
  readonly id: number
  readonly tool: string
  readonly args: JsonObject
  readonly reason: string | undefined
}): object {
  return JSON.parse(JSON.stringify(call)) as object
}

function propose(hosting: Hosting, turn: number, playing: Turn): void {
  const { proposed } = playing
  playing.proposed = []
  if (!playing.over.signal.aborted) send(hosting, { type: 'calls', turn, calls: proposed })
}

function answer({ turns }: Hosting, { results, turn }: Extract<ToHost, { type: 'results' }>): void {
  const playing = turns.get(turn)
  for (const { id, ...answer } of results) {
    const resolve = playing?.open.get(Number(id))
    playing?.open.delete(Number(id))
    resolve?.(answer)
  }
}

/** Ends a turn, once: with its reply, its fault, or because nobody waits for it any more. */
function stop(
  hosting: Hosting,
  turn: number,
  { message, type }: { readonly type: 'reply' | 'error'; readonly message: string },
): void {
  const playing = hosting.turns.get(turn)
  if (playing === undefined) return
  hosting.turns.delete(turn)
  // Whose it is stands before what may be too long to be read.
  send(hosting, { type, turn, message })
  playing.over.abort()
  for (const resolve of playing.open.values()) resolve(turnOver)
}

/** Of a text that says what went wrong, as much as explains it. */
const longestFault = 300

/** The message, and the line that it comes from. */
function whatFailed(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error).slice(0, longestFault)}`
  const frame = (error.stack ?? '').split('\n').find((line) => line.trimStart().startsWith('at '))
  // Where the file lies differs from machine to machine.
  const place = /([^/\\(]+:\d+):\d+\)?$/.exec(frame ?? '')?.[1]
  const said = withoutFolder(`${error.name}: ${error.message}`, path.resolve())
  const what = said.slice(0, longestFault)
  return `threw ${what}${place === undefined ? '' : ` (${place})`}`
}

function send(hosting: HostPorts, message: object): void {
  hosting.send(JSON.stringify(message))
}
