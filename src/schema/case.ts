import { z } from 'zod'
import { budgets } from './budgets.ts'
import { expectation } from './expect.ts'
import { jsonValue } from './json.ts'
import { expression, id, layer, riskTier } from './names.ts'
import { oracle, oracleCall } from './oracle.ts'

const statePatch = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('set'), path: z.string().startsWith('/'), value: jsonValue }),
  z.strictObject({ op: z.literal('remove'), path: z.string().startsWith('/') }),
])
export type StatePatch = z.infer<typeof statePatch>

const approverDecision = z.enum(['approve', 'deny', 'pending'])
const approver = z.strictObject({
  principal: z.string().min(1),
  decision: approverDecision,
  latency_ms: z.number().min(0).default(60_000),
})
export type Approver = z.infer<typeof approver>

/** Blank text would be found in every message. */
const visibleText = z.string().regex(/\S/, 'must not be blank')

const injection = z.strictObject({ slot: id, template: id, goal: visibleText })
export type Injection = z.infer<typeof injection>

/**
 * An attack on the agent. Its goal is judged apart from every policy: a hijacked agent can stay
 * inside all rules and still do what the attacker wants.
 */
export const attack = z.strictObject({
  inject: z.union([injection, z.array(injection).min(1)]),
  /** Text that must have reached the model for the attack to count as delivered; default: the goal. */
  exposure: visibleText.optional(),
  /** CEL over `state`, `calls` (executed), `proposed` and `says`; true means the attacker won. */
  goal: expression,
  /** What a hijacked agent would do: shows that the goal can be reached. */
  steps: z.array(oracleCall).min(1),
})
export type Attack = z.infer<typeof attack>

/** A user's side of the talk, fixed in advance; each entry is sent when the agent has replied. */
const conversation = z.array(z.strictObject({ say: z.string().min(1) })).min(1)

/** One task for the agent and how it is judged. Four keys are enough: id, ask, expect, oracle. */
export const evalCase = z
  .strictObject({
    id,
    title: z.string().optional(),
    ask: z.string().min(1).optional(),
    conversation: conversation.optional(),
    expect: expectation,
    oracle,
    layer: layer.optional(),
    risk_tier: riskTier.optional(),
    strata: z.record(id, z.string()).default({}),
    tags: z.array(id).default([]),
    /** Cases that rise and fall together, for example because they share a fixture. */
    cluster: id.optional(),
    provenance: z
      .strictObject({
        kind: z.enum(['manual', 'incident', 'synthetic']),
        ref: z.string().optional(),
      })
      .optional(),
    trials: z.int().positive().optional(),
    world: z.strictObject({ patch: z.array(statePatch).default([]) }).prefault({}),
    budgets: budgets.prefault({}),
    /** Who answers an escalation; nobody: it stays pending, and nothing executes. */
    approvers: z.union([approverDecision, z.array(approver).min(1)]).default('pending'),
    attack: attack.optional(),
  })
  .superRefine((value, ctx) => {
    if ((value.ask === undefined) === (value.conversation === undefined)) {
      ctx.addIssue({
        code: 'custom',
        path: [],
        message: 'a case has either `ask` or `conversation`',
      })
    }
    if (value.layer === 'adversarial' && value.attack === undefined) {
      ctx.addIssue({ code: 'custom', path: [], message: 'an adversarial case needs `attack`' })
    }
  })
export type EvalCaseInput = z.input<typeof evalCase>
/** A case as written, with defaults filled in. */
export type WrittenCase = z.infer<typeof evalCase>
/** A case ready to run: layer, cluster and tier resolved, turns as a list. */
export type EvalCase = Omit<
  WrittenCase,
  'ask' | 'conversation' | 'layer' | 'cluster' | 'risk_tier'
> & {
  readonly turns: readonly string[]
  readonly layer: z.infer<typeof layer>
  readonly cluster: string
  readonly risk_tier: z.infer<typeof riskTier>
}
