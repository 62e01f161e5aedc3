import type { TargetSettings } from '../../schema/candidate.ts'
import { outsideAgent } from '../outside-agent.ts'
import type { OutsideTask } from '../outside-task.ts'
import type { TrialAgent } from '../trial-agent.ts'
import type { TrialEnding } from '../trial-ending.ts'
import { type AgentProcess, agentProcesses } from './agent-process.ts'
import { type AgentProgram, jsonlPlayer } from './jsonl-player.ts'
import { type StrayLines, strayLines } from './stray-lines.ts'
import type { Target, TargetPorts } from './target.ts'
import { doorsEnv, targetEnv, taskEnv } from './target-env.ts'
import { textPlayer } from './text-player.ts'

const plainText = 'a program that prints plain text needs protocol: text'

type CommandSettings = Extract<TargetSettings, { command: readonly string[] }>

/** An agent that is a program: one process a trial, or one a turn where it knows nothing of us. */
export function openCommandTarget(settings: CommandSettings, ports: TargetPorts): Target {
  const { folder, openDoors, outside } = ports
  const [program = '', ...args] = settings.command
  const processes = agentProcesses(ports)
  const env = targetEnv(settings, ports)
  const agentOf = (strays: StrayLines): TrialAgent =>
    outsideAgent({
      clock: outside.clock,
      token: outside.token,
      timeoutMs: settings.timeout_seconds * 1000,
      open(session) {
        const doors = openDoors(session.trial)
        const start = (task: OutsideTask): AgentProcess =>
          processes.start([program, ...args], {
            cwd: folder,
            env: { ...doorsEnv(doors), ...env, ...taskEnv(task) },
          })
        const led: AgentProgram = { processes, start, strays }
        const player =
          settings.protocol === 'text' ? textPlayer(session, led) : jsonlPlayer(session, led)
        return {
          takeTurn: player.takeTurn,
          leave(politely) {
            doors.close()
            player.leave(politely)
          },
        }
      },
    })
  const agent: TrialAgent = async (context, signal) => {
    const strays = strayLines()
    return withStrays(await agentOf(strays)(context, signal), strays)
  }
  return { agent, close: processes.close }
}

/** Whoever waits in vain for a reply may have overlooked one: it is told with the failure. */
function withStrays(ending: TrialEnding, strays: StrayLines): TrialEnding {
  const stray = strays.describe()
  if (ending.termination !== 'agent_error' || stray === undefined) return ending
  const message = [ending.message, `${stray} (${plainText})`].filter((one) => one !== undefined)
  return { ...ending, message: message.join('; ') }
}
