import type { ActingAgent, ActionContext } from '../controls/policy-engine.ts'
import { sha256 } from '../text/hash.ts'
import type { TrialContext } from './trial-context.ts'

/** What the controls may know at this moment. */
export function actionContext(context: TrialContext): ActionContext {
  const { world } = context.ports
  return {
    agent: actingAgent(context),
    // A copy: what is asked about a result must not find the very call among the earlier ones.
    calls: [...context.executed],
    now: world.now(),
    state: world.state(),
  }
}

/** The same for one call, with the number by which some calls are drawn. */
export function callContext(context: TrialContext, draw: number): ActionContext {
  return { ...actionContext(context), draw }
}

/**
 * Of the call that was proposed last, in [0, 1): alike in any run of these seeds. Not by the call's id,
 * which the model chooses: it could choose never to be looked at.
 */
export function drawOfCall({ meter, plan }: Pick<TrialContext, 'meter' | 'plan'>): number {
  const text = `${plan.seed} call ${meter.total('tool_calls')}`
  // 52 bits of a hash.
  return Number.parseInt(sha256(text).slice(0, 13), 16) / 2 ** 52
}

/**
 * What the judging policy may know: unlike any control in production, also the calls that took
 * effect and whose answer got lost. Whoever repeats one of these blindly pays twice.
 */
export function judgingContext(context: TrialContext): ActionContext {
  return { ...actionContext(context), calls: [...context.applied] }
}

/** Who acts: as its configuration says, and in whose name the case lets it act. */
function actingAgent({ agent: { identity }, plan }: TrialContext): ActingAgent {
  const { expires, principal, scopes, tenant } = { ...identity, ...plan.identity }
  return {
    principal,
    ...(scopes !== undefined && { scopes }),
    ...(tenant !== undefined && { tenant }),
    ...(expires !== undefined && { expires }),
  }
}
