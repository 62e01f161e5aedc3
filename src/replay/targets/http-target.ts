import type { TargetSettings } from '../../schema/candidate.ts'
import { truncate } from '../../text/truncate.ts'
import { type OutsidePlayer, outsideAgent } from '../outside-agent.ts'
import type { OutsideTask } from '../outside-task.ts'
import type { Doors } from '../outside-trial.ts'
import type { OutsideSession } from '../start-outside-trial.ts'
import { parseAgentAnswer } from './agent-message.ts'
import { type AgentServer, agentServer } from './agent-server.ts'
import { postJson } from './post-json.ts'
import type { Target, TargetPorts } from './target.ts'
import { plainMcpUrl } from './target-env.ts'

type HttpSettings = Extract<TargetSettings, { http: string }>

/** Of an answer that we cannot read. */
const shownAnswer = 200

/**
 * An agent that is asked over HTTP: a POST of the task, answered by a reply, or by calls whose results
 * the next POST brings. The server need remember nothing.
 *
 * @throws AgentEvalError (usage) when nothing listens there
 */
export async function openHttpTarget(settings: HttpSettings, ports: TargetPorts): Promise<Target> {
  const server = await agentServer(settings, ports)
  const { openDoors, outside } = ports
  const agent = outsideAgent({
    clock: outside.clock,
    token: outside.token,
    timeoutMs: settings.timeout_seconds * 1000,
    open(session) {
      const doors = openDoors(session.trial)
      const player = httpPlayer(session, { server, doors, fetch: outside.fetch })
      return { ...player, leave: doors.close }
    },
  })
  return { agent, close: server.close }
}

interface HttpPorts {
  readonly server: AgentServer
  readonly doors: Doors
  readonly fetch: TargetPorts['outside']['fetch']
}

function httpPlayer(session: OutsideSession, ports: HttpPorts): Pick<OutsidePlayer, 'takeTurn'> {
  return {
    async takeTurn() {
      const up = await ports.server.ensureUp(session.trial.over)
      if (up === undefined) void playTurn(session, ports)
      else session.fail(up)
    },
  }
}

async function playTurn(session: OutsideSession, ports: HttpPorts): Promise<void> {
  const { over } = session.trial
  const { anthropicBaseUrl, openaiBaseUrl } = ports.doors
  const doors = { mcpUrl: plainMcpUrl(ports.doors), openaiBaseUrl, anthropicBaseUrl }
  let goesOn = true
  while (goesOn) {
    const body: OutsideTask & { readonly doors: object } = { ...session.task(), doors }
    const answer = await postJson(ports.fetch, { url: ports.server.url, body, signal: over })
    if (over.aborted) return
    if (!answer.ok) {
      await tellFailure(session, ports.server, answer.error)
      return
    }
    goesOn = await takeAnswer(session, answer.body)
  }
}

/** @returns whether the agent's turn goes on */
async function takeAnswer({ fail, reply, trial }: OutsideSession, body: string): Promise<boolean> {
  const message = parseAgentAnswer(body)
  if (message?.type === 'calls') {
    await trial.call(message.calls.map(({ call }) => call))
    return !trial.over.aborted
  }
  if (message?.type === 'reply') reply(message.text)
  else fail(`its answer is neither a reply nor calls: ${truncate(body.trim(), shownAnswer)}`)
  return false
}

/** A server of ours that fell is the agent's doing; one that somebody else runs is surroundings. */
async function tellFailure(
  session: OutsideSession,
  server: AgentServer,
  { answered, message }: { readonly answered: boolean; readonly message: string },
): Promise<void> {
  const fall = answered ? undefined : await server.fall()
  if (answered) session.fail(message)
  else if (server.isOurs) session.fail(fall ?? message)
  else session.end({ termination: 'harness_error', message })
}
