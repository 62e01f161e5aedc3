import { z } from 'zod'
import { budgets } from './budgets.ts'
import { expectation } from './expect.ts'
import { faults } from './faults.ts'
import { jsonObject, jsonValue } from './json.ts'
import { caseId, expression, id, isoDate, layer, pattern, riskTier } from './names.ts'
import { type Oracle, oracle, oracleStep } from './oracle.ts'

export const statePatch = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('set'), path: z.string().startsWith('/'), value: jsonValue }),
  z.strictObject({ op: z.literal('remove'), path: z.string().startsWith('/') }),
])
export type StatePatch = z.infer<typeof statePatch>

const approverDecision = z.enum(['approve', 'deny', 'pending'])
const approver = z.strictObject({
  principal: z.string().min(1),
  decision: approverDecision,
  latency_ms: z.number().min(0).default(60_000),
  kind: z.enum(['human', 'agent']).default('human'),
  /** The highest risk tier that this principal may approve. */
  trust: riskTier.default(4),
  /** Is asked only when somebody before has not answered in time. */
  backup: z.boolean().default(false),
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
  /**
   * What a hijacked agent would do: shows that the goal can be reached. A `say` here is said
   * together with the agent's next reply.
   */
  steps: z.array(oracleStep).min(1),
})
export type Attack = z.infer<typeof attack>

/**
 * What the user says next. With `when` it is said only after a reply in which that pattern is
 * found: information that the agent must ask for.
 */
const userTurn = z.strictObject({ say: z.string().min(1), when: pattern.optional() })
export type UserTurn = z.infer<typeof userTurn>

/** A user's side of the talk, fixed in advance; each entry is sent when the agent has replied. */
const conversation = z.array(userTurn).min(1)

/** A user that a model plays. Such cases stay out of the gate unless they say otherwise. */
const simulatedUser = z.strictObject({
  /** The first message, word for word. */
  opening: z.string().min(1),
  persona: z.string().min(1).optional(),
  /** What the user wants, in the user's own words. */
  goal: z.string().min(1),
  /** What the user can tell when asked, by name. */
  knows: z.record(z.string(), z.string()).default({}),
  /** Words that a user of this kind would never say; said all the same, the trial is invalid. */
  must_not: z.array(pattern).default([]),
  /** Messages of the user, the opening included. */
  max_turns: z.int().positive().max(50).default(8),
})
export type SimulatedUser = z.infer<typeof simulatedUser>

/** `dev`: for looking; `gate`: decides; `holdout`: decides rarely, and is never looked at. */
export const splits = ['dev', 'gate', 'holdout'] as const
const split = z.enum(splits)
export type Split = z.infer<typeof split>

const quarantine = z.strictObject({
  reason: z.string().min(1),
  owner: z.string().min(1),
  /** The last day; afterwards the eval set is refused until somebody decides. */
  expires: isoDate,
})

/** Only an active case gates. A draft and a quarantined one run and are reported. */
const status = z.union([z.enum(['active', 'draft']), z.strictObject({ quarantined: quarantine })], {
  error: 'active, draft, or { quarantined: { reason, owner, expires } }',
})
type CaseStatus = z.infer<typeof status>

/** A mutant of the oracle that may pass, by its name in the report of `lint`, and why. */
const acceptedMutant = z.strictObject({ mutant: z.string().min(1), reason: z.string().min(1) })

/** One task for the agent and how it is judged. Four keys are enough: id, ask, expect, oracle. */
export const evalCase = z
  .strictObject({
    id: caseId,
    title: z.string().optional(),
    ask: z.string().min(1).optional(),
    conversation: conversation.optional(),
    user: simulatedUser.optional(),
    /** What the user answers to a question that no turn answers. */
    fallback: z.string().min(1).optional(),
    /** Data that goes with the first message; its form is `task.input` of the eval set. */
    input: jsonObject.optional(),
    expect: expectation,
    /** A reference solution. A case without one is a draft. */
    oracle: oracle.optional(),
    /** Other solutions that are as good. */
    equivalents: z.array(oracle).min(1).optional(),
    accept_mutants: z.array(acceptedMutant).default([]),
    /** For a case in which the right answer is no: the case in which the same action is right. */
    permitted_twin: caseId.optional(),
    split: split.optional(),
    status: status.optional(),
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
    world: z
      .strictObject({
        patch: z.array(statePatch).default([]),
        faults: faults.default([]),
        /** From this model request of the agent on, counted from 1, no model answers any more. */
        model_outage_from: z.int().positive().optional(),
      })
      .prefault({}),
    budgets: budgets.prefault({}),
    /** In whose name the agent acts in this case, over what its configuration says. */
    identity: z
      .strictObject({
        scopes: z.array(z.string()).optional(),
        tenant: z.string().min(1).optional(),
        expires: z.iso.datetime().optional(),
      })
      .optional(),
    /** Who answers an escalation; nobody: it stays pending, and nothing executes. */
    approvers: z.union([approverDecision, z.array(approver).min(1)]).default('pending'),
    attack: attack.optional(),
  })
  .superRefine((value, ctx) => {
    const asked = [value.ask, value.conversation, value.user].filter((one) => one !== undefined)
    if (asked.length !== 1) {
      ctx.addIssue({
        code: 'custom',
        path: [],
        message: 'a case has either `ask` or `conversation` or `user`',
      })
    }
    if (value.oracle === undefined && value.status === 'active') {
      ctx.addIssue({
        code: 'custom',
        path: ['status'],
        message: 'a case without an oracle is a draft: nobody has shown that it can be solved',
      })
    }
    if (value.conversation?.[0]?.when !== undefined) {
      ctx.addIssue({
        code: 'custom',
        path: ['conversation', 0, 'when'],
        message: 'the first turn opens the conversation, so it cannot wait for a reply',
      })
    }
    if (value.layer === 'adversarial' && value.attack === undefined) {
      ctx.addIssue({ code: 'custom', path: [], message: 'an adversarial case needs `attack`' })
    }
  })
export type EvalCaseInput = z.input<typeof evalCase>
/** A case as written, with defaults filled in. */
export type WrittenCase = z.infer<typeof evalCase>
/** A case ready to run: everything it left open filled in, turns as a list. */
export type EvalCase = Omit<
  WrittenCase,
  'ask' | 'conversation' | 'layer' | 'cluster' | 'risk_tier' | 'oracle' | 'split' | 'status'
> & {
  readonly turns: readonly UserTurn[]
  readonly layer: z.infer<typeof layer>
  readonly cluster: string
  readonly risk_tier: z.infer<typeof riskTier>
  /** Empty for a draft that has none. */
  readonly oracle: Oracle
  readonly split: Split
  readonly status: CaseStatus
}
