import type { OutputShape } from '../providers/provider.ts'
import { textOf, textPart } from '../schema/message.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import type { AgentModels, Route, TierModel } from './agent-models.ts'
import { askModel } from './ask-model.ts'
import type { TrialContext } from './trial-context.ts'

/** What a router may answer at most; more is no reason, and costs. */
const maxReason = 300

/**
 * Lets the candidate's router decide which tier runs the task, by one structured call that sees the
 * user's first message and no tool.
 *
 * A router that fails or names no tier costs the agent nothing but the cheaper way: the executor runs
 * the task, as it would in production, and the trace says why.
 */
export async function chooseTier(
  { executor, routing }: AgentModels,
  context: TrialContext,
  signal: AbortSignal,
): Promise<TierModel> {
  if (routing === undefined) return executor
  const { router, routes } = routing
  const { key, seed, task } = context.plan
  const request = {
    model: router.model,
    messages: [
      { role: 'system', content: [textPart(routerPrompt(routes))] },
      { role: 'user', content: [textPart(task.turns[0]?.say ?? '')] },
    ],
    tools: [],
    sampling: {},
    output: routerOutput(routes),
    seed,
    trial: formatTrialKey(key),
    ordinal: 0,
    role: 'router',
  } as const
  const reply = await askModel({ ...router, role: 'router', request }, context, signal)
  if (!reply.ok)
    return fallBack(executor, context, `the router did not answer: ${reply.error.class}`)
  const choice = readChoice(textOf(reply.response.content))
  const chosen = routes.find(({ tier }) => tier === choice?.tier)
  if (chosen === undefined) return fallBack(executor, context, 'the router named no tier')
  const reason = choice?.reason?.slice(0, maxReason)
  context.record({
    type: 'route',
    tier: chosen.tier,
    by: 'router',
    ...(reason !== undefined && { reason }),
  })
  return chosen
}

function fallBack(executor: TierModel, context: TrialContext, reason: string): TierModel {
  context.record({ type: 'route', tier: executor.tier, by: 'fallback', reason })
  return executor
}

function routerPrompt(routes: readonly Route[]): string {
  const lines = routes.map(({ tier, when }) => `- ${tier}${when === undefined ? '' : `: ${when}`}`)
  return [
    'Choose the model tier that should handle the request of the user. Do not answer the request.',
    'Tiers:',
    ...lines,
    'Choose the cheapest tier that will do the task well.',
  ].join('\n')
}

function routerOutput(routes: readonly Route[]): OutputShape {
  return {
    name: 'route',
    schema: {
      type: 'object',
      properties: {
        tier: { type: 'string', enum: routes.map(({ tier }) => tier) },
        reason: { type: 'string' },
      },
      required: ['tier', 'reason'],
      additionalProperties: false,
    },
  }
}

interface Choice {
  readonly tier: string
  readonly reason?: string
}

function readChoice(text: string): Choice | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { reason, tier } = value as Readonly<Record<string, unknown>>
  if (typeof tier !== 'string') return undefined
  return { tier, ...(typeof reason === 'string' && { reason }) }
}
