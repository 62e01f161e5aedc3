import type { JsonObject, JsonValue } from '../../schema/json.ts'
import { noticeText, type ToolResultPart } from '../../schema/message.ts'
import { canonicalJson } from '../../text/canonical-json.ts'

/**
 * A tool's result as MCP carries it: as text for models, and as JSON where it is an object. What the
 * operator says beside it is a text of its own.
 */
export interface McpToolResult {
  [key: string]: unknown
  readonly content: { readonly type: 'text'; readonly text: string }[]
  readonly structuredContent?: Record<string, JsonValue>
  readonly isError: boolean
}

export function toolResult({
  isError,
  notice,
  value,
}: Pick<ToolResultPart, 'isError' | 'notice' | 'value'>): McpToolResult {
  const texts = [canonicalJson(value), ...(notice === undefined ? [] : [noticeText(notice)])]
  return {
    content: texts.map((text) => ({ type: 'text', text })),
    ...(isObject(value) && { structuredContent: { ...value } }),
    isError,
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
