import { AgentEvalError } from '../../errors.ts'
import type { OutsideTask } from '../outside-task.ts'
import type { OutsideCall } from '../outside-trial.ts'
import type { AgentProcess, AgentProcesses } from './agent-process.ts'
import { type FromHost, type HostResult, parseHostLine, type ToHost } from './host-protocol.ts'
import { lineReader } from './line-reader.ts'
import { strayLines } from './stray-lines.ts'

const maxLine = 16 * 1024 * 1024

/** One turn that a host plays, and who hears of it. */
export interface HostTurn {
  readonly call: (calls: readonly OutsideCall[]) => Promise<readonly Omit<HostResult, 'id'>[]>
  readonly reply: (text: string) => void
  /** The function threw, or gave no reply. */
  readonly fail: (message: string) => void
  /** The process ended. `shared`: other turns ran in it, so nobody can say whose doing it was. */
  readonly lose: (message: string, shared: boolean) => void
}

/** A process that runs the user's function. */
export interface ModuleHost {
  readonly turns: ReadonlyMap<number, HostTurn>
  readonly isAlive: () => boolean
  /** Rejects where the module cannot be loaded. */
  readonly loaded: Promise<void>
  readonly begin: (turn: number, task: OutsideTask, hears: HostTurn) => void
  /** The turn is over for us; the function's `signal` aborts. */
  readonly cancel: (turn: number) => void
  readonly stop: () => void
}

/** The function that a target names. */
export interface ModuleFunction {
  /** Relative to the folder that the host is started in. */
  readonly file: string
  readonly name: string
  /** As the candidate writes it. */
  readonly shown: string
}

interface Hosting {
  readonly process: AgentProcess
  readonly turns: Map<number, HostTurn>
  readonly settle: { ok: () => void; fail: (error: Error) => void }
  readonly wanted: ModuleFunction
  isAlive: boolean
}

/** Takes over a process that was started as a host and lets it load the function. */
export function moduleHost(
  process: AgentProcess,
  processes: AgentProcesses,
  wanted: ModuleFunction,
): ModuleHost {
  const settle: Hosting['settle'] = { ok: () => undefined, fail: () => undefined }
  const loaded = new Promise<void>((resolve, reject) => {
    settle.ok = resolve
    settle.fail = reject
  })
  // Whoever waits for it hears of it; a host that nobody waits for any more may fail in peace.
  loaded.catch(() => undefined)
  const hosting: Hosting = { process, turns: new Map(), settle, wanted, isAlive: true }
  listen(hosting)
  send(hosting, { type: 'load', file: wanted.file, name: wanted.name })
  return {
    turns: hosting.turns,
    isAlive: () => hosting.isAlive,
    loaded,
    begin(turn, task, hears) {
      hosting.turns.set(turn, hears)
      send(hosting, { type: 'task', turn, task })
    },
    cancel(turn) {
      send(hosting, { type: 'cancel', turn })
    },
    stop() {
      hosting.isAlive = false
      processes.stop(process)
    },
  }
}

function listen(hosting: Hosting): void {
  const { process, settle, turns, wanted } = hosting
  const strays = strayLines()
  const reader = lineReader({
    maxLength: maxLine,
    onLine: (line, whole) => {
      if (!whole || !takeLine(hosting, line)) strays.note(line)
    },
    onLong: (beginning) => {
      giveUpTurn(hosting, beginning)
    },
  })
  process.child.onStdout(reader.write)
  void process.child.ended.then((end) => {
    hosting.isAlive = false
    const stray = strays.describe()
    const said = process.describe(end) + (stray === undefined ? '' : `; ${stray}`)
    settle.fail(unloadable(wanted, `cannot be loaded: ${said}`))
    const lost = [...turns.values()]
    turns.clear()
    for (const turn of lost) turn.lose(said, lost.length > 1)
  })
}

/** As our host writes it: what it is and whose stands first. */
const turnLine = /^\{"type":"(?:calls|reply|error)","turn":(\d{1,15})\b/

/** A message that is too long to be read would leave its turn waiting until its time is up. */
function giveUpTurn({ turns }: Hosting, beginning: string): void {
  const number = Number(turnLine.exec(beginning)?.[1])
  const turn = turns.get(number)
  turns.delete(number)
  turn?.fail(`it sent a message of more than ${maxLine / 1024 ** 2} MiB`)
}

/** @returns whether it is a message of ours */
function takeLine(hosting: Hosting, line: string): boolean {
  const message = parseHostLine(line)
  if (message === undefined) return false
  const { settle, turns, wanted } = hosting
  if (message.type === 'loaded') settle.ok()
  else if (message.type === 'unloadable') settle.fail(unloadable(wanted, message.message))
  else {
    const turn = turns.get(message.turn)
    if (turn === undefined) return false
    if (message.type === 'calls') void answer(hosting, turn, message)
    else {
      turns.delete(message.turn)
      if (message.type === 'reply') turn.reply(message.message)
      else turn.fail(message.message)
    }
  }
  return true
}

async function answer(
  hosting: Hosting,
  hears: HostTurn,
  { calls, turn }: Extract<FromHost, { type: 'calls' }>,
): Promise<void> {
  const results = await hears.call(calls.map(({ call }) => call))
  send(hosting, {
    type: 'results',
    turn,
    results: results.map(({ isError, notice, value }, index) => ({
      id: calls[index]?.id ?? null,
      isError,
      value,
      ...(notice !== undefined && { notice }),
    })),
  })
}

function unloadable({ shown }: ModuleFunction, why: string): AgentEvalError {
  return new AgentEvalError(`${shown} ${why}`, 'input')
}

function send({ process }: Hosting, message: ToHost): void {
  process.child.write(`${JSON.stringify(message)}\n`)
}
