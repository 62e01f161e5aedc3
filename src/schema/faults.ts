import { z } from 'zod'
import { jsonValue } from './json.ts'
import { argumentMatchers } from './matcher.ts'
import { toolName } from './names.ts'

/** Which calls of the tool are hit: the n-th that matches, several of them, or every one. */
const onCalls = z.union([z.int().positive(), z.array(z.int().positive()).min(1), z.literal('all')])

const hit = { tool: toolName, args: argumentMatchers.optional(), on: onCalls.default(1) }
/** How long the agent waits for an answer that does not come. */
const delayed = { ...hit, delay_ms: z.number().min(0).default(30_000) }

/**
 * What goes wrong with a tool in one case. A timeout before the call was applied and one after it
 * look the same to the agent: only the second one left a change behind.
 */
const fault = z.discriminatedUnion('fault', [
  z.strictObject({ ...delayed, fault: z.literal('timeout_before') }),
  z.strictObject({ ...delayed, fault: z.literal('timeout_after') }),
  z.strictObject({
    ...hit,
    fault: z.literal('error'),
    code: z.string().min(1).default('unavailable'),
    message: z.string().min(1).default('the service is unavailable, try again later'),
  }),
  /** Every text in the answer ends after so many characters. */
  z.strictObject({ ...hit, fault: z.literal('truncate'), characters: z.int().min(0).default(40) }),
  /** Members of these names are missing, wherever they stand in the answer. */
  z.strictObject({ ...hit, fault: z.literal('drop_fields'), fields: z.array(z.string()).min(1) }),
  /** The answer is this instead: several that could be meant. */
  z.strictObject({ ...hit, fault: z.literal('ambiguous'), value: jsonValue }),
  /** Nothing was found: lists and texts are empty, everything else is null. */
  z.strictObject({ ...hit, fault: z.literal('empty') }),
  /** The answer that the same read would have got when the trial began. */
  z.strictObject({ ...hit, fault: z.literal('stale') }),
])
export type Fault = z.infer<typeof fault>

export const faults = z.array(fault)
