import type { ExprValue } from '../expr/value.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { Effect, RiskTier } from '../schema/names.ts'
import type { PolicyEngineName } from '../schema/policy.ts'
import type { ControlDecision } from './control-decision.ts'

/**
 * What is decided about: a call before it runs, a tool's result, a reply to the user, or what the
 * agent writes into its own log.
 */
export type PolicyStage = 'call' | 'result' | 'reply' | 'log'

/** One action that the agent proposes, as the tools' declarations describe it. */
export interface ProposedAction {
  readonly tool: string
  readonly args: JsonObject
  readonly tier: RiskTier
  readonly effect: Effect
  /** The reason that the agent states. Untrusted. */
  readonly reason?: string
  /** The scope that the tool needs; `undefined`: none. */
  readonly scope?: string
  /** Whose record it touches; `undefined`: nobody's, or its tool does not say. */
  readonly tenant?: string
  /** How many dollars it moves; `undefined`: its tool does not say. */
  readonly usd?: number
  /** What its tool declares and nobody can tell of this very action, with the reason. */
  readonly untold?: { readonly tenant?: string | undefined; readonly usd?: string | undefined }
}

/** Who acts. */
export interface ActingAgent {
  readonly principal: string
  /** `undefined`: nobody has limited them. */
  readonly scopes?: readonly string[]
  readonly tenant?: string
  /** ISO date and time, on the trial's own clock. */
  readonly expires?: string
}

/** What controls may know besides the action itself. */
export interface ActionContext {
  readonly agent: ActingAgent
  /** Earlier executed calls: `{ tool, args, result, at, usd? }`, oldest first; `at` is an ISO time. */
  readonly calls: readonly ExprValue[]
  /** ISO date and time of the trial's own clock. */
  readonly now: string
  /**
   * The world before the action. Rules of the candidate do not see it, because production has no such
   * view; of its engines only one that names the records it reads, as a service of its own would.
   */
  readonly state: ExprValue
  /** In [0, 1), of this call's own: below a share, the call is one of those that are drawn. */
  readonly draw?: number
}

/** One question to a policy. */
export interface PolicyQuestion {
  readonly stage: PolicyStage
  /** Absent for replies and log lines. */
  readonly action?: ProposedAction
  /** What came back or is to be said; at stage `call` absent. */
  readonly output?: JsonValue
  readonly context: ActionContext
}

/**
 * A policy that is ready to decide: the one interface of inline rules, OPA and Cedar.
 *
 * It never throws and never rejects: whatever goes wrong (undefined, an error, a timeout, an answer
 * that is no decision) is a decision to deny whose rule carries `error`, so that it can be told from
 * one that somebody made.
 */
export interface PolicyEngine {
  readonly name: PolicyEngineName
  /** Of its content: changes whenever it may decide otherwise. */
  readonly version: string
  /** `undefined`: it has nothing to say here. */
  readonly decide: (
    question: PolicyQuestion,
  ) => ControlDecision | undefined | Promise<ControlDecision | undefined>
}
