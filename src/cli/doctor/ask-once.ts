import type { Outside } from '../../ports.ts'
import { checkModel } from '../../providers/check-model.ts'
import { attemptInTime } from '../../providers/limiter/attempt-in-time.ts'
import { openService } from '../../providers/open-service.ts'
import type { ModelReply, ModelRequest } from '../../providers/provider.ts'
import type { ResolvedModel } from '../../providers/registry.ts'
import type { Usage } from '../../schema/model-answer.ts'

const words = 'Answer with the single word ok.'
/** Models that think first may use all of it for that. */
const mostOutputTokens = 64
/** A service that takes longer is not well, whatever its own patience is set to. */
const longestMs = 30_000

/** The most that one such request is billed for. */
export const probeUsage: Usage = { inputTokens: 64, outputTokens: mostOutputTokens }

/**
 * Asks a model for one word, once: no retry and no queue, because whoever looks wants to see the first
 * answer.
 *
 * @throws AgentEvalError (usage) where there is no key, or the address is none
 */
export async function askOnce(
  resolved: ResolvedModel,
  { outside, root }: { readonly outside: Outside; readonly root: string },
): Promise<ModelReply> {
  checkModel(resolved, outside.env)
  const { model, settings } = resolved
  const service = openService(resolved, { outside, root })
  await service.load()
  const request: ModelRequest = {
    model,
    role: 'agent',
    messages: [{ role: 'user', content: [{ type: 'text', text: words }] }],
    tools: [],
    sampling: { max_output_tokens: mostOutputTokens },
    seed: 1,
    trial: 'doctor',
    ordinal: 0,
  }
  const timeoutMs = Math.min(settings.timeout_seconds * 1000, longestMs)
  const terms = { service, timeoutMs, clock: outside.clock }
  const reply = await attemptInTime(request, terms, new AbortController().signal)
  if (reply === undefined) throw new Error('nobody gave up')
  return reply
}
