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

/** The same for one call: with a number of its own by which some calls are drawn, in any run alike. */
export function callContext(context: TrialContext, callId: string): ActionContext {
  return { ...actionContext(context), draw: drawFor(context.plan.seed, callId) }
}

/** In [0, 1), from 52 bits of a hash. */
function drawFor(seed: number, callId: string): number {
  return Number.parseInt(sha256(`${seed} ${callId}`).slice(0, 13), 16) / 2 ** 52
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
