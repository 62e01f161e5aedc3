import type {
  McpHttpHandler,
  McpRequestContext,
  McpServer,
  Tool,
} from '@modelcontextprotocol/server'
import type { ServedRequest, ServedResponse } from '../../ports.ts'
import { wireNames } from '../../providers/wire-names.ts'
import type { OutsideCall, OutsideTrial } from '../../replay/outside-trial.ts'
import { asJson } from '../../schema/json.ts'
import { toolResult } from './tool-result.ts'

/** One trial's tools behind a URL that speaks MCP. */
export interface McpDoor {
  readonly answer: (request: ServedRequest) => Promise<ServedResponse>
  readonly close: () => Promise<void>
}

/**
 * The trial's world as an MCP server over streamable HTTP, in this and the earlier revision of the
 * protocol.
 *
 * It keeps no session: all that a call changes is in the trial itself, so a client may reconnect, or
 * several may share one trial. Names and input schemas are the world's own, dots and all; with
 * `?names=plain` the names are such as model services take. A call may use either.
 *
 * @param maxBytes - of one request
 */
export function openMcpDoor(trial: OutsideTrial, maxBytes: number): McpDoor {
  let opened: Promise<McpHttpHandler> | undefined
  return {
    async answer(request) {
      opened ??= startHandler(trial, maxBytes)
      const handler = await opened
      return served(await handler.fetch(asWebRequest(request)))
    },
    async close() {
      await (await opened)?.close()
    },
  }
}

async function startHandler(trial: OutsideTrial, maxBytes: number): Promise<McpHttpHandler> {
  const mcp = await import('@modelcontextprotocol/server')
  const names = wireNames(trial.tools.map(({ name }) => name))
  const serve = ({ requestInfo }: McpRequestContext): McpServer => {
    const high = new mcp.McpServer(
      { name: 'agent-eval', version: '1.0.0' },
      { capabilities: { tools: {} } },
    )
    // Its own way of keeping tools would check arguments before the trial has seen the call.
    const { server } = high
    const nameOf = wantsPlainNames(requestInfo) ? names.toWire : (name: string): string => name
    server.setRequestHandler('tools/list', () => ({
      tools: trial.tools.map((tool) => asTool({ ...tool, name: nameOf(tool.name) })),
    }))
    server.setRequestHandler('tools/call', async ({ params }) => {
      const [result] = await trial.call([asCall({ ...params, name: names.fromWire(params.name) })])
      if (result === undefined) throw new Error(`no result of ${params.name}`)
      return toolResult(result)
    })
    return high
  }
  return mcp.createMcpHandler(serve, { maxRequestBodySize: maxBytes, keepAliveMs: 0 })
}

/** Model services take no dots in the names of tools, and not every framework takes care of that. */
function wantsPlainNames(request: Request | undefined): boolean {
  return request !== undefined && new URL(request.url).searchParams.get('names') === 'plain'
}

/** MCP wants every input to be an object; the world's own schemas say so or leave it open. */
function asTool({ description, input, name }: OutsideTrial['tools'][number]): Tool {
  return { name, description, inputSchema: { ...input, type: 'object' } }
}

/** A client may give its reason for a call beside the arguments, which the tool never sees. */
function asCall(params: {
  readonly name: string
  readonly arguments?: Record<string, unknown> | undefined
  readonly _meta?: Record<string, unknown> | undefined
}): OutsideCall {
  const reason = params._meta?.['reason']
  return {
    tool: params.name,
    args: asJson(params.arguments ?? {}),
    ...(typeof reason === 'string' && { reason }),
  }
}

function asWebRequest({ body, headers, method, signal, url }: ServedRequest): Request {
  const bodiless = method === 'GET' || method === 'HEAD'
  return new Request(new URL(url, 'http://127.0.0.1'), {
    method,
    headers,
    signal,
    // A copy: the types of `Uint8Array` leave open whether its memory is shared.
    ...(!bodiless && { body: new Uint8Array(body) }),
  })
}

function served(response: Response): ServedResponse {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: response.body ?? new Uint8Array(),
  }
}
