import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { mcpTools } from '../../authoring/mcp-tools.ts'
import { openApiTools } from '../../authoring/openapi-tools.ts'
import type { ForeignTool } from '../../authoring/stub-tool.ts'
import { AgentEvalError } from '../../errors.ts'
import { problemsError } from '../../suites/render-problems.ts'
import { readSource } from '../../suites/source.ts'
import type { Io } from '../io.ts'
import { listMcpTools } from './mcp-server.ts'

/**
 * The tools that `--tools` names: of an OpenAPI file, or of the MCP server that a command starts.
 *
 * @throws AgentEvalError where there are none to be had
 */
export async function foreignTools(source: string, io: Io): Promise<readonly ForeignTool[]> {
  if (source.startsWith('mcp:')) {
    return mcpTools(await listMcpTools(source.slice('mcp:'.length), io))
  }
  const text = await readNamed(source, io)
  const read = readSource({ text, file: source })
  if (!read.ok) throw problemsError(read.problems)
  return openApiTools(read.value.value, source)
}

async function readNamed(file: string, io: Io): Promise<string> {
  try {
    return await readFile(path.resolve(io.cwd, file), 'utf8')
  } catch (cause) {
    throw new AgentEvalError('cannot be read', 'usage', {
      source: { file },
      hint: 'name an OpenAPI file, or mcp:COMMAND',
      cause,
    })
  }
}
