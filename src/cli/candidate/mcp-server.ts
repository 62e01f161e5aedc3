import type { McpTool } from '../../authoring/mcp-tools.ts'
import { AgentEvalError } from '../../errors.ts'
import type { JsonObject } from '../../schema/json.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Io } from '../io.ts'
import { version } from '../version.ts'

/** A server may have to be downloaded first. */
const longestStartMs = 60_000
/** A list that goes on for ever is no list. */
const mostTools = 1_000

/**
 * Starts an MCP server, asks which tools it has, and ends it.
 *
 * It sees PATH and the home folder and nothing else of our environment: a server that somebody
 * recommended has no business with the keys of this shell.
 *
 * @throws AgentEvalError (usage) when it does not start or speaks no MCP
 */
export async function listMcpTools(
  command: string,
  io: Pick<Io, 'cwd' | 'env' | 'stderr'>,
): Promise<readonly McpTool[]> {
  const [program, ...args] = splitCommand(command)
  if (program === undefined) {
    throw new AgentEvalError('mcp: names no command', 'usage', {
      hint: 'for example --tools "mcp:npx -y your-server"',
    })
  }
  io.stderr.write(`${terminalLine(`starting ${program}; it has a minute to answer`)}\n`)
  const { Client } = await import('@modelcontextprotocol/client')
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
  const client = new Client({ name: 'agent-eval', version })
  const transport = new StdioClientTransport({
    command: program,
    args: [...args],
    cwd: io.cwd,
    env: plainEnvironment(io.env),
    stderr: 'ignore',
  })
  try {
    await client.connect(transport, { timeout: longestStartMs })
    return await allTools(client)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AgentEvalError(`the MCP server "${program}" could not be asked: ${why}`, 'usage', {
      hint: 'does the command work by itself, and speak MCP on stdin and stdout?',
      cause,
    })
  } finally {
    await client.close()
  }
}

interface ToolPage {
  readonly tools: readonly {
    readonly name: string
    readonly description?: string | undefined
    readonly inputSchema: object
    readonly annotations?: McpTool['annotations']
  }[]
  readonly nextCursor?: string | undefined
}

async function allTools(client: {
  readonly listTools: (params?: { cursor?: string }) => Promise<ToolPage>
}): Promise<readonly McpTool[]> {
  const tools: McpTool[] = []
  let cursor: string | undefined
  do {
    const page = await client.listTools(cursor === undefined ? undefined : { cursor })
    for (const { annotations, description, inputSchema, name } of page.tools) {
      tools.push({ name, description, inputSchema: inputSchema as JsonObject, annotations })
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && tools.length < mostTools)
  return tools
}

function plainEnvironment(env: Io['env']): Record<string, string> {
  const names = ['PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'SystemRoot', 'TEMP']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Words of a command line; quotes keep words together, nothing is expanded. */
export function splitCommand(command: string): readonly string[] {
  const words = command.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
}
