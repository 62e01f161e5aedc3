import { z } from 'zod'
import { decision } from './names.ts'

/**
 * What all controls together come to. `error`: denied, and nobody decided it, because a rule or an
 * engine could not be evaluated.
 */
export const policyOutcome = z.union([decision, z.literal('error')], {
  error: 'allow, modify, escalate, deny or error',
})
export type PolicyOutcome = z.infer<typeof policyOutcome>

/** What is decided about; a call together with what came back of it is one action. */
export const policyStage = z.enum(['call', 'result', 'reply', 'log'])
