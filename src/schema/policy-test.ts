import { z } from 'zod'
import { statePatch } from './case.ts'
import { controlSource, ruleDecision } from './control-events.ts'
import { jsonObject, jsonValue } from './json.ts'
import { apiVersion, count, ruleId, toolName } from './names.ts'
import { policyEngine } from './policy.ts'
import { policyOutcome, policyStage } from './policy-outcome.ts'

/** A call that was executed before the action in question, as rules see it in `calls`. */
const earlierCall = z.strictObject({
  tool: toolName,
  args: jsonObject.default({}),
  result: jsonValue.default(null),
  /** When it was made; absent: at the moment of the question. */
  at: z.iso.datetime().optional(),
})

/** Who acts, over the identity that the candidate's file names. */
const acting = z.strictObject({
  principal: z.string().min(1).optional(),
  scopes: z.array(z.string()).optional(),
  tenant: z.string().min(1).optional(),
  expires: z.iso.datetime().optional(),
})

/** A decision, and of whom it must come. */
const expectedDecision = z.strictObject({
  decision: policyOutcome,
  /** A rule that must say so. */
  rule: ruleId.optional(),
  engine: policyEngine.optional(),
  /** Whether somebody must be told. */
  alert: z.boolean().optional(),
})
export type ExpectedDecision = z.infer<typeof expectedDecision>

const expectation = z.union([policyOutcome, expectedDecision], {
  error: 'allow, modify, escalate, deny or error, or { decision, rule, engine, alert }',
})

/** An expectation in its long form. */
export function expectationOf(expect: z.infer<typeof expectation>): ExpectedDecision {
  return typeof expect === 'string' ? { decision: expect } : expect
}

/**
 * One example: an action of a tool, what a tool returned, a reply to the user, or a line of the agent's
 * own log, and what the policy must say of it.
 */
const policyTest = z
  .strictObject({
    name: z.string().min(1),
    tool: toolName.optional(),
    args: jsonObject.optional(),
    /** The reason that the agent states. */
    reason: z.string().optional(),
    /** What the tool returned: this is judged then, and not the call. */
    result: jsonValue.optional(),
    reply: z.string().optional(),
    log: z.string().optional(),
    calls: z.array(earlierCall).default([]),
    agent: acting.default({}),
    /** Absent: the world's clock. */
    now: z.iso.datetime().optional(),
    /** What differs from the world's state, as in `world.patch` of a case. */
    state: z.array(statePatch).default([]),
    expect: expectation,
    /** The form in which the action, the result or the text must pass. */
    modified: jsonValue.optional(),
  })
  .superRefine((test, ctx) => {
    const refuse = (path: string[], message: string): void => {
      ctx.addIssue({ code: 'custom', path, message })
    }
    const about = (['tool', 'reply', 'log'] as const).filter((key) => test[key] !== undefined)
    if (about.length !== 1) {
      const found = about.length === 0 ? 'none' : about.join(' and ')
      refuse([], `a test is about one of tool, reply, log; this one has ${found}`)
    }
    for (const key of ['args', 'reason', 'result'] as const) {
      if (test.tool === undefined && test[key] !== undefined) refuse([key], 'needs a `tool`')
    }
    const { decision } = expectationOf(test.expect)
    if (test.modified !== undefined && decision !== 'modify' && decision !== 'escalate') {
      refuse(['modified'], `nothing passes in another form where \`${decision}\` is expected`)
    }
  })
export type PolicyTest = z.infer<typeof policyTest>

/** `*.policy-test.yaml`: a policy as a table of examples. */
export const policyTestFile = z
  .strictObject({
    apiVersion,
    kind: z.literal('PolicyTest'),
    /** Whose controls are asked, relative to this file; absent: the eval set's own candidate. */
    candidate: z.string().min(1).optional(),
    /** Asks the judging policy of the eval set instead. */
    judging: z.literal(true).optional(),
    tests: z.array(policyTest).min(1, 'there is no test in it'),
  })
  .superRefine(({ candidate, judging }, ctx) => {
    if (candidate === undefined || judging === undefined) return
    const message = 'a file is about a candidate or about the judging policy, not both'
    ctx.addIssue({ code: 'custom', path: ['judging'], message })
  })
export type PolicyTestFile = z.infer<typeof policyTestFile>

/** What one control said. */
const saidByControl = z.strictObject({
  source: controlSource,
  engine: policyEngine.optional(),
  version: z.string().optional(),
  decision: policyOutcome,
  rules: z.array(ruleDecision),
  alert: z.boolean().optional(),
  modified: jsonValue.optional(),
})
export type SaidByControl = z.infer<typeof saidByControl>

/** One test, decided. */
const decidedTest = z.strictObject({
  name: z.string(),
  file: z.string(),
  line: count,
  stage: policyStage,
  tool: z.string().optional(),
  /** What was asked about: arguments, a result, or a text. */
  subject: jsonValue,
  expected: expectedDecision,
  decided: policyOutcome,
  /** How the decision differs from what was expected, in words; empty: it does not. */
  differs: z.array(z.string()),
  /** Each control's own answer, in the order in which they were asked. */
  said: z.array(saidByControl),
})
export type DecidedTest = z.infer<typeof decidedTest>

/** What `agent-eval policy test --json` prints. */
export const policyTestResult = z.strictObject({
  apiVersion,
  kind: z.literal('PolicyTestResult'),
  tests: z.array(decidedTest),
})
export type PolicyTestResult = z.infer<typeof policyTestResult>
