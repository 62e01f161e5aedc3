import { AgentEvalError } from '../../errors.ts'
import type { TargetSettings } from '../../schema/candidate.ts'
import { type AgentProcess, type AgentProcesses, agentProcesses } from './agent-process.ts'
import { placeOf, whyFetchFailed } from './post-json.ts'
import { requireAddress } from './require-address.ts'
import type { TargetPorts } from './target.ts'
import { targetEnv } from './target-env.ts'

/** A server may have to load a model or compile itself first. */
const longestStartMs = 60_000
const betweenTriesMs = 50
const longestKnockMs = 2_000

/** Where an agent is asked over HTTP, and the process that serves it where we started one. */
export interface AgentServer {
  readonly url: string
  /** Started by us. */
  readonly isOurs: boolean
  /** Starts it anew where it fell. In words what is in the way, if something is. */
  readonly ensureUp: (signal: AbortSignal) => Promise<string | undefined>
  /** How it ended, where it has. */
  readonly fall: () => Promise<string | undefined>
  readonly close: () => Promise<void>
}

/**
 * Waits for the server of an agent, and starts it where the candidate says how.
 *
 * @throws AgentEvalError (usage) when it does not come up
 */
export async function agentServer(
  settings: Extract<TargetSettings, { http: string }>,
  ports: TargetPorts,
): Promise<AgentServer> {
  const { start } = settings
  requireAddress(settings)
  if (start === undefined) return await foreignServer(settings.http, ports)
  const port = await freePort(ports)
  const withPort = (text: string): string => text.replaceAll('$PORT', port)
  const url = withPort(settings.http)
  const [program = '', ...args] = start.map(withPort)
  const processes = agentProcesses(ports)
  const env = { ...targetEnv(settings, ports), PORT: port }
  const options = { cwd: ports.folder, env }
  const server = startedServer(url, {
    ports,
    processes,
    start: () => processes.start([program, ...args], options),
  })
  const trouble = await server.ensureUp(new AbortController().signal)
  if (trouble === undefined) return server
  await server.close()
  throw new AgentEvalError(`the agent's server does not come up: ${trouble}`, 'usage', {
    hint: 'target.start must stay in the foreground and listen on the port in $PORT',
  })
}

async function foreignServer(url: string, ports: TargetPorts): Promise<AgentServer> {
  const trouble = await knock(url, ports)
  if (trouble !== undefined) {
    throw new AgentEvalError(`nothing listens at ${placeOf(url)}: ${trouble}`, 'usage', {
      hint: 'start the agent first, or say with target.start how to',
    })
  }
  return {
    url,
    isOurs: false,
    ensureUp: () => Promise.resolve(undefined),
    fall: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  }
}

interface Starting {
  readonly ports: TargetPorts
  readonly processes: AgentProcesses
  readonly start: () => AgentProcess
}

function startedServer(url: string, { ports, processes, start }: Starting): AgentServer {
  let fallen: string | undefined
  let up: Promise<string | undefined> | undefined
  let current: AgentProcess | undefined
  const bringUp = async (): Promise<string | undefined> => {
    const started = start()
    current = started
    fallen = undefined
    void started.child.ended.then((end) => {
      fallen = `its server ${started.describe(end)}`
      up = undefined
    })
    return await untilUp(url, { ports, isDown: () => fallen })
  }
  return {
    url,
    isOurs: true,
    ensureUp: async (signal) => {
      up ??= bringUp()
      return signal.aborted ? undefined : await up
    },
    async fall() {
      // A connection breaks a moment before the process is known to have ended.
      const soon = ports.outside.clock.sleep(betweenTriesMs * 4, new AbortController().signal)
      await Promise.race([soon, current?.child.ended.then(() => undefined)])
      return fallen
    },
    close: processes.close,
  }
}

async function untilUp(
  url: string,
  { isDown, ports }: { readonly ports: TargetPorts; readonly isDown: () => string | undefined },
): Promise<string | undefined> {
  const { clock } = ports.outside
  const deadline = clock.nowMs() + longestStartMs
  const { signal } = new AbortController()
  for (;;) {
    const trouble = await knock(url, ports)
    const fallen = isDown()
    if (fallen !== undefined || trouble === undefined) return fallen
    if (clock.nowMs() >= deadline) return `${placeOf(url)}: ${trouble}`
    await clock.sleep(betweenTriesMs, signal)
  }
}

/** Whether anybody answers, whatever the answer is; otherwise why not. */
async function knock(url: string, { outside }: TargetPorts): Promise<string | undefined> {
  const enough = new AbortController()
  const { signal } = enough
  const silence = outside.clock.sleep(longestKnockMs, signal)
  const answer = outside.fetch(url, { method: 'GET', redirect: 'manual', signal }).then(
    () => undefined,
    (error: unknown) => whyFetchFailed(error),
  )
  // Whoever takes a question and is slow to answer it is there.
  const trouble = await Promise.race([answer, silence.then(() => undefined)])
  enough.abort()
  return trouble
}

/** A port that nobody listens on; somebody may take it before the agent does, and is found out then. */
async function freePort({ outside }: TargetPorts): Promise<string> {
  const nobody = await outside.listen(
    () => Promise.resolve({ status: 404, headers: {}, body: new Uint8Array() }),
    { maxBytes: 0 },
  )
  await nobody.close()
  return new URL(nobody.url).port
}
