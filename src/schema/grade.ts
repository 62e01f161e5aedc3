import { z } from 'zod'

/** A pure judgement of one criterion over one trace. `events` are sequence numbers: the evidence. */
export const grade = z.discriminatedUnion('status', [
  z.strictObject({ grader: z.string(), status: z.literal('pass') }),
  z.strictObject({
    grader: z.string(),
    status: z.literal('fail'),
    reason: z.string(),
    events: z.array(z.int().min(0)),
  }),
  z.strictObject({ grader: z.string(), status: z.literal('unscored'), reason: z.string() }),
])
export type Grade = z.infer<typeof grade>
