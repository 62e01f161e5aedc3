import { z } from 'zod'
import { jsonObject } from '../../schema/json.ts'

const tokens = z.int().min(0).max(1_000_000_000)

/** What the function of a `module:` model answers. */
export const moduleAnswer = z.strictObject({
  text: z.string().optional(),
  toolCalls: z
    .array(
      z.strictObject({
        /** Absent: one is made. */
        id: z.string().min(1).max(200).optional(),
        tool: z.string().min(1).max(200),
        /** A text where the model wrote no JSON object. */
        args: z.union([jsonObject, z.string()]).default({}),
      }),
    )
    .max(1_000)
    .optional(),
  usage: z
    .strictObject({
      /** With what was read from and written to a cache. */
      inputTokens: tokens,
      outputTokens: tokens,
      cacheReadTokens: tokens.optional(),
      cacheWriteTokens: tokens.optional(),
      reasoningTokens: tokens.optional(),
    })
    .refine(
      ({
        cacheReadTokens = 0,
        cacheWriteTokens = 0,
        inputTokens,
        outputTokens,
        reasoningTokens = 0,
      }) => cacheReadTokens + cacheWriteTokens <= inputTokens && reasoningTokens <= outputTokens,
      'cached tokens are part of inputTokens, and reasoning tokens of outputTokens',
    )
    .optional(),
  costUsd: z.number().min(0).max(1_000_000).optional(),
  modelServed: z.string().min(1).max(200).optional(),
  stopReason: z.enum(['end', 'tool_calls', 'length', 'refusal']).optional(),
})
export type ModuleAnswer = z.infer<typeof moduleAnswer>
