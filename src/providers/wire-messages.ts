import type { JsonObject, JsonValue } from '../schema/json.ts'
import { noticeText, type ToolCallPart, type ToolResultPart } from '../schema/message.ts'
import type { ModelRequest } from './provider.ts'
import { type WireNames, wireNames } from './wire-names.ts'

/** The names of a request's tools, and of those that its conversation calls besides. */
export function namesFor({ messages, tools }: Pick<ModelRequest, 'messages' | 'tools'>): WireNames {
  const used = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'tool_call' ? [part.tool] : [])),
  )
  return wireNames(
    tools.map((tool) => tool.name),
    used,
  )
}

/**
 * Arguments as an object, which services want back. What was no JSON stands inside one: some refuse
 * the whole conversation for it, and that would make a fault of the agent one of the surroundings.
 */
export function sentArguments({ args }: ToolCallPart): JsonObject {
  return typeof args === 'string' ? { not_json: args } : args
}

/** A result as the text that a model reads, with what the operator says beside it. */
export function resultText({ notice, value }: ToolResultPart): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return notice === undefined ? text : `${text}\n\n${noticeText(notice)}`
}

/** A tool's parameters; services refuse a schema that does not say that it is an object. */
export function objectSchema(input: JsonObject): JsonObject & { readonly type: 'object' } {
  return { ...input, type: 'object' }
}

/** Whether the strict mode of OpenAI takes a schema: objects closed, every property required. */
export function isStrictSchema(schema: JsonValue): boolean {
  if (typeof schema !== 'object' || schema === null) return true
  if (Array.isArray(schema)) return (schema as readonly JsonValue[]).every(isStrictSchema)
  const { additionalProperties, properties, required, type } = schema as JsonObject
  const children = Object.values(schema as JsonObject).every(isStrictSchema)
  if (type !== 'object') return children
  const names = Object.keys((properties ?? {}) as JsonObject)
  const needed = new Set(Array.isArray(required) ? (required as readonly JsonValue[]) : [])
  return children && additionalProperties === false && names.every((name) => needed.has(name))
}
