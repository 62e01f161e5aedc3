import { z } from 'zod'
import type { UserTurn } from './case.ts'
import { type JsonObject, jsonObject, jsonValue } from './json.ts'

/** Content is a list of parts, so that text and parallel calls keep their order. */
export const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({
    type: z.literal('tool_call'),
    callId: z.string(),
    tool: z.string(),
    /** What the model wrote: an object, or the raw text where that was no JSON object. */
    args: z.union([jsonObject, z.string()]),
    /** The reason that the model stated for this call. Untrusted. */
    reason: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('tool_result'),
    callId: z.string(),
    tool: z.string(),
    isError: z.boolean(),
    value: jsonValue,
    /** What the operator tells the agent beside the result, such as that its budget runs low. */
    notice: z.string().optional(),
  }),
  z.strictObject({
    /** What a model thought. Nobody hears it; some services want it back word for word. */
    type: z.literal('reasoning'),
    text: z.string(),
    /** The service's own form of it, signatures and all. */
    opaque: jsonValue.optional(),
  }),
])
export type Part = z.infer<typeof part>
export type ToolCallPart = Extract<Part, { type: 'tool_call' }>
export type ToolResultPart = Extract<Part, { type: 'tool_result' }>

export const messageRole = z.enum(['system', 'user', 'assistant', 'tool'])

export interface Message {
  readonly role: z.infer<typeof messageRole>
  readonly content: readonly Part[]
}

/** What a model is told about a tool; no tier, no guard, no price. */
export interface ToolDefinition {
  readonly name: string
  readonly description: string
  readonly input: JsonObject
}

/** All that an agent may ever see of a case. It has no grading field. */
export interface Task {
  readonly prompt: string
  readonly turns: readonly UserTurn[]
  /** What the user answers to a question that no turn answers. */
  readonly fallback?: string
  /** Data that goes with the first message. */
  readonly input?: JsonObject
  readonly tools: readonly ToolDefinition[]
}

export function textPart(text: string): Part {
  return { type: 'text', text }
}

/** The words of a message, without its tool calls. */
export function textOf(content: readonly Part[]): string {
  return content.flatMap((p) => (p.type === 'text' ? [p.text] : [])).join('\n')
}

/** A notice as a model reads it, so that it can tell it from what a tool says. */
export function noticeText(notice: string): string {
  return `[notice from the operator] ${notice}`
}
