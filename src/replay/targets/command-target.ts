import type { TargetSettings } from '../../schema/candidate.ts'
import { outsideAgent } from '../outside-agent.ts'
import type { OutsideTask } from '../outside-task.ts'
import { type AgentProcess, agentProcesses } from './agent-process.ts'
import { type AgentProgram, jsonlPlayer } from './jsonl-player.ts'
import type { Target, TargetPorts } from './target.ts'
import { doorsEnv, targetEnv, taskEnv } from './target-env.ts'
import { textPlayer } from './text-player.ts'

type CommandSettings = Extract<TargetSettings, { command: readonly string[] }>

/** An agent that is a program: one process a trial, or one a turn where it knows nothing of us. */
export function openCommandTarget(settings: CommandSettings, ports: TargetPorts): Target {
  const { folder, openDoors, outside } = ports
  const [program = '', ...args] = settings.command
  const processes = agentProcesses(ports)
  const env = targetEnv(settings, ports)
  const agent = outsideAgent({
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
      const led: AgentProgram = { processes, start }
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
  return { agent, close: processes.close }
}
