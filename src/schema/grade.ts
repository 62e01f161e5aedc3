import { z } from 'zod'

/** Set on a grade that is shown and decides nothing: neither the outcome, nor whether there is one. */
const advisory = z.literal(true).optional()

/** A pure judgement of one criterion over one trace. `events` are sequence numbers: the evidence. */
export const grade = z.discriminatedUnion('status', [
  z.strictObject({ grader: z.string(), status: z.literal('pass'), advisory }),
  z.strictObject({
    grader: z.string(),
    status: z.literal('fail'),
    reason: z.string(),
    events: z.array(z.int().min(0)),
    advisory,
  }),
  z.strictObject({
    grader: z.string(),
    status: z.literal('unscored'),
    reason: z.string(),
    advisory,
  }),
])
export type Grade = z.infer<typeof grade>
