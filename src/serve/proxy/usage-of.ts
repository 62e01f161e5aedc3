import type { Usage } from '../../schema/model-answer.ts'

type Count = number | undefined

/** Tokens as a service told them; `inputTokens` is all of the input. Nothing without both totals. */
export function usageOf(
  totals: { readonly inputTokens: Count; readonly outputTokens: Count },
  kinds: Readonly<
    Partial<Record<'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens', Count>>
  >,
): Usage | undefined {
  const { inputTokens, outputTokens } = totals
  if (inputTokens === undefined || outputTokens === undefined) return undefined
  const told = Object.entries(kinds).filter(([, count]) => count !== undefined)
  return { inputTokens, outputTokens, ...Object.fromEntries(told) }
}
