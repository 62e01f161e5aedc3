import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { ToolResultPart } from '../../schema/message.ts'
import { canonicalJson } from '../../text/canonical-json.ts'

/** A tool's result as MCP carries it: as text for models, and as JSON where it is an object. */
export interface McpToolResult {
  [key: string]: unknown
  readonly content: { readonly type: 'text'; readonly text: string }[]
  readonly structuredContent?: Record<string, JsonValue>
  readonly isError: boolean
}

export function toolResult({
  isError,
  value,
}: Pick<ToolResultPart, 'isError' | 'value'>): McpToolResult {
  return {
    content: [{ type: 'text', text: canonicalJson(value) }],
    ...(isObject(value) && { structuredContent: { ...value } }),
    isError,
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
