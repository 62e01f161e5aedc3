import type { Clock, Fetch, Listen, ServedRequest, ServedResponse } from '../ports.ts'
import { type HttpCassette, noHttpCassette } from '../providers/cassette/http-cassette.ts'
import type { ModelResponse } from '../providers/provider.ts'
import type { Doors, OpenDoors, OutsideTrial } from '../replay/outside-trial.ts'
import { plainRefusal } from './answers.ts'
import { checkCaller, ownHosts } from './check-caller.ts'
import { type McpDoor, openMcpDoor } from './mcp/mcp-door.ts'
import { parsePath, type TrialPath } from './parse-path.ts'
import type { ProxyPorts, ProxyUpstream } from './proxy/proxy-ports.ts'
import type { ServiceKind } from './proxy/services.ts'
import { type ModelDoor, startProxy } from './proxy/start-proxy.ts'

export interface ServerOptions {
  readonly listen: Listen
  readonly fetch: Fetch
  readonly clock: Clock
  /** A service that stands not here is refused with a message that says so. */
  readonly upstreams: Readonly<Partial<Record<ServiceKind, ProxyUpstream>>>
  /** Puts on what an answer cost; gives it back as it is where no price is known. */
  readonly price: (reference: string, response: ModelResponse) => ModelResponse
  readonly cassette?: HttpCassette
  /**
   * Model requests of one trial that may be open at once; further ones wait, and are admitted only when
   * they may be sent. Absent: any number.
   */
  readonly maxOpen?: number
}

/** Where the agents of a run find their tools and their models. */
export interface OpenServer {
  readonly openDoors: OpenDoors
  readonly close: () => Promise<void>
}

/** Of one request, and of one answer of a model service. */
const maxBytes = 20 * 1024 * 1024

/** What stands behind one trial's token. */
interface Rooms {
  readonly mcp: McpDoor
  readonly models: ModelDoor
}

/**
 * One server on 127.0.0.1 for all trials of a run. A path that nobody can guess tells them apart, so
 * that agents of different trials neither meet nor need a port each.
 */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { cassette = noHttpCassette, clock, fetch, listen, maxOpen, price, upstreams } = options
  const rooms = new Map<string, Rooms>()
  const ended = new Set<string>()
  const ports: ProxyPorts = {
    ...{ fetch, clock, upstreams, price, cassette, maxBytes },
    ...(maxOpen !== undefined && { maxOpen }),
  }
  const proxy = startProxy(ports)
  let hosts: ReadonlySet<string> = new Set()
  const server = await listen(
    (request) => {
      const refused = checkCaller(request, hosts)
      if (refused !== undefined) return Promise.resolve(plainRefusal(403, refused))
      return answer(request, rooms, ended)
    },
    { maxBytes },
  )
  hosts = ownHosts(server.url)

  return {
    openDoors(trial) {
      const mcp = openMcpDoor(trial, maxBytes)
      rooms.set(trial.token, { mcp, models: proxy.open(trial) })
      return doorsOf(server.url, trial, () => {
        rooms.delete(trial.token)
        ended.add(trial.token)
        void mcp.close()
      })
    },
    async close() {
      await Promise.all([...rooms.values()].map(({ mcp }) => mcp.close()))
      rooms.clear()
      proxy.close()
      await server.close()
    },
  }
}

function doorsOf(url: string, { token }: OutsideTrial, close: () => void): Doors {
  const base = `${url.replace(/\/+$/, '')}/t/${token}`
  return {
    mcpUrl: `${base}/mcp`,
    openaiBaseUrl: `${base}/openai/v1`,
    anthropicBaseUrl: `${base}/anthropic`,
    close,
  }
}

async function answer(
  request: ServedRequest,
  rooms: ReadonlyMap<string, Rooms>,
  ended: ReadonlySet<string>,
): Promise<ServedResponse> {
  const path = parsePath(request.url)
  if (path === undefined) return plainRefusal(404, 'nothing is served here')
  const room = rooms.get(path.token)
  if (room !== undefined) return enter(room, path, request)
  if (ended.has(path.token)) return plainRefusal(410, 'the trial has ended')
  return plainRefusal(404, 'there is no such trial')
}

function enter(
  { mcp, models }: Rooms,
  { door, rest }: TrialPath,
  request: ServedRequest,
): Promise<ServedResponse> {
  if (door === 'mcp') return mcp.answer(request)
  return models.answer(door, rest, request)
}
