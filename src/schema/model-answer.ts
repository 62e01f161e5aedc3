import { z } from 'zod'
import { count } from './names.ts'

/** Tokens of one model call by kind. `inputTokens` includes what was read from a cache. */
export const usage = z.strictObject({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count.optional(),
  cacheWriteTokens: count.optional(),
  reasoningTokens: count.optional(),
})
export type Usage = z.infer<typeof usage>

/** Why a request to a model came to nothing. */
export const failureClass = z.enum([
  'rate_limit',
  'transient',
  'auth',
  'bad_request',
  'context_overflow',
  'timeout',
  'bug',
  /** A recording was asked for and there is none. */
  'cassette_miss',
  /** The run's money is used up. */
  'budget',
])
export type FailureClass = z.infer<typeof failureClass>

/** One attempt of a model request that failed and was made again. */
export const failedAttempt = z.strictObject({
  class: failureClass,
  /** HTTP status, where the service answered at all. */
  status: z.int().optional(),
  message: z.string(),
  latencyMs: z.number().min(0),
  /** Waited after it, before the next one. */
  waitedMs: z.number().min(0),
})
export type FailedAttempt = z.infer<typeof failedAttempt>

/** Why a model stopped writing. */
export const stopReason = z.enum(['end', 'tool_calls', 'length', 'refusal'])

/** Where a model's answer came from. `stored`: votes that are committed with the eval set. */
export const answerSource = z.enum(['live', 'cassette', 'reference', 'stored'])
export type AnswerSource = z.infer<typeof answerSource>
