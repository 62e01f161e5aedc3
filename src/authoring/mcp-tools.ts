import type { JsonObject } from '../schema/json.ts'
import type { ForeignTool } from './stub-tool.ts'

/** A tool as an MCP server lists it. */
export interface McpTool {
  readonly name: string
  readonly description?: string | undefined
  readonly inputSchema: JsonObject
  readonly annotations?:
    | {
        readonly readOnlyHint?: boolean | undefined
        readonly destructiveHint?: boolean | undefined
      }
    | undefined
}

/**
 * Tools of an MCP server. Its hints are the server's own words: they place a stub, which a person
 * looks through, and never allow a call.
 */
export function mcpTools(tools: readonly McpTool[]): readonly ForeignTool[] {
  return tools.map(({ annotations, description = '', inputSchema, name }) => ({
    name,
    description,
    input: inputSchema,
    effect: annotations?.readOnlyHint === true ? 'read' : 'write',
    isDestructive: annotations?.destructiveHint === true,
  }))
}
