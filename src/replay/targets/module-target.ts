import { AgentEvalError } from '../../errors.ts'
import type { TargetSettings } from '../../schema/candidate.ts'
import { type OutsidePlayer, outsideAgent } from '../outside-agent.ts'
import type { OutsideSession } from '../start-outside-trial.ts'
import { agentProcesses } from './agent-process.ts'
import { type HostPool, hostPool, type PooledTurn } from './host-pool.ts'
import { type ModuleFunction, moduleHost } from './module-host.ts'
import type { Target, TargetPorts } from './target.ts'
import { targetEnv } from './target-env.ts'

type ModuleSettings = Extract<TargetSettings, { module: string }>

/**
 * An agent that is a function of a module. It runs in processes of our own program, which stay for the
 * whole run: what a module keeps to itself lives on from trial to trial.
 *
 * @throws AgentEvalError (input) when the module cannot be loaded or has no such function
 */
export async function openModuleTarget(
  settings: ModuleSettings,
  ports: TargetPorts,
): Promise<Target> {
  const { folder, host, outside } = ports
  const wanted = functionOf(settings.module)
  const processes = agentProcesses(ports)
  const env = targetEnv(settings, ports)
  const pool = hostPool({
    clock: outside.clock,
    start: () => moduleHost(processes.start(host, { cwd: folder, env }), processes, wanted),
  })
  try {
    await pool.warmUp()
  } catch (error) {
    await processes.close()
    throw error
  }
  const agent = outsideAgent({
    clock: outside.clock,
    token: outside.token,
    timeoutMs: settings.timeout_seconds * 1000,
    open: (session) => modulePlayer(session, pool),
  })
  return { agent, close: processes.close }
}

function functionOf(reference: string): ModuleFunction {
  const [file = '', name = 'default'] = reference.split('#')
  if (file === '' || name === '') {
    throw new AgentEvalError(`target.module "${reference}" names no file or no function`, 'input', {
      hint: 'for example ./agent.ts#handle, or ./agent.ts for its default export',
    })
  }
  return { file, name, shown: reference }
}

function modulePlayer(session: OutsideSession, pool: HostPool): OutsidePlayer {
  const turn: PooledTurn = {
    over: session.trial.over,
    call: session.trial.call,
    reply: session.reply,
    fail: session.fail,
    refuse: (message) => {
      session.end({ termination: 'harness_error', message })
    },
    lose(message, shared) {
      if (!shared) session.fail(`the process of the agent ${message}`)
      else session.end({ termination: 'harness_error', message: lostTogether(message) })
    },
  }
  // The pool hears by `over` that a trial has ended.
  return { takeTurn: (task) => pool.play(task, turn), leave: () => undefined }
}

function lostTogether(message: string): string {
  return `a process that several trials shared ${message}`
}
