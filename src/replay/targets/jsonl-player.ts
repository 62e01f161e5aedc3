import type { ChildEnd } from '../../ports.ts'
import type { JsonValue } from '../../schema/json.ts'
import type { OutsidePlayer } from '../outside-agent.ts'
import type { OutsideTask } from '../outside-task.ts'
import type { OutsideSession } from '../start-outside-trial.ts'
import { type AgentCall, parseAgentLine } from './agent-message.ts'
import type { AgentProcess, AgentProcesses } from './agent-process.ts'
import { lineReader } from './line-reader.ts'
import type { StrayLines } from './stray-lines.ts'

/** A longer line is no message: nobody's call or reply needs as much in one piece. */
const maxLine = 4 * 1024 * 1024

/** How the program of an agent is started, for one trial. */
export interface AgentProgram {
  readonly processes: AgentProcesses
  readonly start: (task: OutsideTask) => AgentProcess
  /** Lines that are no message, of all processes of the trial. */
  readonly strays: StrayLines
}

/** What is known of a talk with a program. */
interface Led {
  readonly session: OutsideSession
  readonly program: AgentProgram
  /** Runs now. */
  current: AgentProcess | undefined
  /** What the agent was asked, until it has replied. */
  asked: OutsideTask | undefined
  /** The process of the turn served an earlier one, and was not heard of since. */
  isSilent: boolean
}

/**
 * Leads a program that speaks our protocol on its standard streams: one JSON object a line. One process
 * serves the whole talk; one that ends after its reply is started again for the next turn.
 */
export function jsonlPlayer(session: OutsideSession, program: AgentProgram): OutsidePlayer {
  const led: Led = { session, program, current: undefined, asked: undefined, isSilent: false }
  return {
    takeTurn(task) {
      led.asked = task
      led.isSilent = led.current !== undefined
      if (led.current === undefined) begin(led, task)
      else send(led.current, { type: 'user', text: task.conversation.at(-1)?.text ?? '' })
      return Promise.resolve()
    },
    leave(politely) {
      led.asked = undefined
      if (led.current === undefined) return
      if (politely) {
        send(led.current, { type: 'end' })
        program.processes.dismiss(led.current)
      } else program.processes.stop(led.current)
    },
  }
}

function begin(led: Led, task: OutsideTask): void {
  const { program } = led
  const started = program.start(task)
  led.current = started
  const reader = lineReader({
    maxLength: maxLine,
    onLine: (line, whole) => {
      if (line.trim() !== '' && !(whole && takeLine(led, started, line))) program.strays.note(line)
    },
    onLong: (beginning) => {
      // It may be words of a library; a message of ours is an object.
      if (led.asked === undefined || !/^\s*\{/.test(beginning)) return
      led.session.fail(`it sent a message of more than ${maxLine / 1024 ** 2} MiB`)
    },
  })
  started.child.onStdout(reader.write)
  void started.child.ended.then((end) => {
    reader.end()
    if (led.current === started) led.current = undefined
    handleEnd(led, started.describe(end), end)
  })
  send(started, { type: 'task', ...task })
}

/** A program that ended by itself after its last reply may not have seen the user's next words. */
function handleEnd(led: Led, said: string, end: ChildEnd): void {
  const { asked, isSilent, session } = led
  if (asked === undefined) return
  led.isSilent = false
  if (end.error !== undefined) session.end({ termination: 'harness_error', message: said })
  else if (isSilent && end.code === 0) begin(led, asked)
  else session.fail(`${said}; it had not replied`)
}

/** @returns whether it is a message of ours */
function takeLine(led: Led, agent: AgentProcess, line: string): boolean {
  const message = parseAgentLine(line)
  if (message === undefined) return false
  if (message.type === 'log') {
    if (message.text !== undefined) led.session.trial.log(message.text)
    return true
  }
  if (message.type === 'mistake') {
    // Out of its turn nobody waits for it.
    if (led.asked !== undefined) led.session.fail(message.message)
    return led.asked !== undefined
  }
  led.isSilent = false
  if (message.type === 'calls') void answerCalls(led.session, agent, message.calls)
  else {
    led.asked = undefined
    led.session.reply(message.text)
  }
  return true
}

async function answerCalls(
  session: OutsideSession,
  agent: AgentProcess,
  calls: readonly AgentCall[],
): Promise<void> {
  const results = await session.trial.call(calls.map(({ call }) => call))
  for (const [index, { isError, notice, value }] of results.entries()) {
    const told = notice === undefined ? {} : { notice }
    send(agent, { type: 'result', id: calls[index]?.id ?? null, isError, value, ...told })
  }
}

/** Our side of the protocol. */
type OurLine =
  | ({ readonly type: 'task' } & OutsideTask)
  | { readonly type: 'user'; readonly text: string }
  | { readonly type: 'end' }
  | {
      readonly type: 'result'
      readonly id: JsonValue
      readonly isError: boolean
      readonly value: JsonValue
      readonly notice?: string
    }

function send({ child }: AgentProcess, line: OurLine): void {
  child.write(`${JSON.stringify(line)}\n`)
}
