import type { Usage } from '../../schema/model-answer.ts'

/** Tokens of one answer by what they are charged as; together with `outputTokens` that is all of them. */
export interface TokenUsage {
  /** Neither read from a cache nor written to one. */
  readonly plainTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
  /** With what was thought and never shown. */
  readonly outputTokens: number
}

/**
 * Takes a usage apart. `undefined` where it contradicts itself, such as more tokens from the cache than
 * tokens at all: some gateways report that, and whatever it cost cannot be told from it.
 */
export function tokenUsage(usage: Usage): TokenUsage | undefined {
  const { cacheReadTokens = 0, cacheWriteTokens = 0, inputTokens, outputTokens } = usage
  const plainTokens = inputTokens - cacheReadTokens - cacheWriteTokens
  const kinds = { plainTokens, cacheReadTokens, cacheWriteTokens, outputTokens }
  return Object.values(kinds).every((tokens) => Number.isFinite(tokens) && tokens >= 0)
    ? kinds
    : undefined
}

/** The same answer as if no cache had been there: what was read from one or written to one is plain. */
export function withColdCache(usage: TokenUsage): TokenUsage {
  const { cacheReadTokens, cacheWriteTokens, outputTokens, plainTokens } = usage
  return {
    plainTokens: plainTokens + cacheReadTokens + cacheWriteTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens,
  }
}
