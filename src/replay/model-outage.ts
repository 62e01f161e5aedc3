import type { TrialContext } from './trial-context.ts'
import type { TrialEnding } from './trial-ending.ts'

/** Why a request is not sent. */
export const outageWords = 'model outage (declared by the case)'

/** How a trial ends whose agent came to nothing because its case lets no model answer any more. */
export const outageEnding = {
  termination: 'agent_error',
  why: 'outage',
  message: 'no model answered (an outage that the case declares)',
} as const satisfies TrialEnding

/**
 * Whether the case lets no model answer a request of the agent any more.
 *
 * @param sent - requests that were sent before it
 */
export function isOutage({ plan }: Pick<TrialContext, 'plan'>, sent: number): boolean {
  return plan.modelOutageFrom !== undefined && sent + 1 >= plan.modelOutageFrom
}

/** Records a request that was not sent. There is no `model.request`: no model has seen anything. */
export function recordOutage({ record }: Pick<TrialContext, 'record'>): void {
  record({ type: 'model.error', role: 'agent', class: 'transient', message: outageWords })
}
