import { z } from 'zod'
import { jsonObject } from './json.ts'
import { argumentMatchers, callPattern, times } from './matcher.ts'
import { count, expression, pattern, toolName } from './names.ts'

/** A call that must (or with `count: 0` must not) be proposed. */
const expectedCall = callPattern.extend({
  count: times.default({ min: 1 }),
  /** The result was delivered in an earlier model request than the first call of this tool. */
  before: toolName.optional(),
})

const requiredEffect = callPattern.extend({ count: times.default(1) })
const allowedEffect = z.strictObject({
  tool: toolName,
  args: argumentMatchers.optional(),
  max: z.int().positive().default(1),
})

const expectedState = z.union([expression, z.strictObject({ id: z.string(), that: expression })])

/**
 * A value that a call carries and the agent must tell: `args.amount_usd`, `result.status`, or
 * `result.items.0.sku`. Numbers are compared as numbers: 45.99 is told by "$45.99".
 */
const toldValue = callPattern.extend({
  value: z
    .string()
    .regex(/^(?:args|result)(?:\.[\w-]+)+$/, 'a path such as args.amount_usd or result.status'),
})
export type ToldValue = z.infer<typeof toldValue>

/** What the agent must or must not say; `scope` is every reply, the last one, or one turn. */
const expectedWords = z
  .strictObject({
    any: z.union([pattern, z.array(pattern).min(1)]).optional(),
    must_not: z.union([pattern, z.array(pattern).min(1)]).optional(),
    /** At most so many different numbers, dates and ids: whoever lists everything answers nothing. */
    max_distinct: z.int().positive().optional(),
    /** The reply tells this value of a write that took effect, as it was executed. */
    bind: toldValue.optional(),
    /** The reply names this value of a read whose result the agent had before it spoke. */
    cites: toldValue.optional(),
    scope: z
      .union([z.enum(['any', 'last']), z.strictObject({ turn: z.int().positive() })])
      .default('any'),
  })
  .refine(({ any, must_not, bind, cites }) => [any, must_not, bind, cites].some(isDefined), {
    error: 'says needs `any`, `must_not`, `bind` or `cites`',
  })

/** Proof that the agent looked before it answered: a read that succeeded. */
const expectedEvidence = callPattern.extend({ before: toolName.optional() })

/**
 * How a case is judged. Reads are open, writes are closed: a write that `effects` neither
 * requires nor allows fails the trial, also when `effects` is absent.
 */
export const expectation = z
  .strictObject({
    schema: z
      .strictObject({ max_errors: count.default(0), reply: jsonObject.optional() })
      .optional(),
    calls: z.array(expectedCall).min(1).optional(),
    effects: z
      .strictObject({
        required: z.array(requiredEffect).default([]),
        allowed: z.array(allowedEffect).default([]),
      })
      .optional(),
    state: z.array(expectedState).min(1).optional(),
    says: z.array(expectedWords).min(1).optional(),
    evidence: z.array(expectedEvidence).min(1).optional(),
    /** The model tier that should serve this task, by its name in the candidate's `models`. */
    route: z.string().min(1).optional(),
    /** Criteria of the eval set's rubric that a judge answers; never all that a case is judged by. */
    judge: z.array(z.string().min(1)).min(1).optional(),
    /** Every write states a reason of at least this many characters. */
    explained: z.strictObject({ min_length: z.int().positive().default(10) }).optional(),
    /**
     * A trial that the candidate's fallback brought to its end may pass; for cases that take the agent's
     * budget or model away.
     */
    fallback: z.boolean().optional(),
  })
  .refine((expected) => Object.values(demandsOf(expected)).some(isDefined), {
    error: 'expect is empty: a case that checks nothing cannot fail',
  })
export type Expectation = z.infer<typeof expectation>
export type ExpectedCall = z.infer<typeof expectedCall>
export type ExpectedWords = z.infer<typeof expectedWords>

/** What an expectation demands: that a trial may end by the fallback demands nothing of it. */
export function demandsOf<T extends { fallback?: boolean | undefined }>(
  expected: T,
): Omit<T, 'fallback'> {
  const demands = { ...expected }
  delete demands.fallback
  return demands
}

function isDefined(value: unknown): boolean {
  return value !== undefined
}
