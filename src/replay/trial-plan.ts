import type { Budgets, DynamicBudget } from '../schema/budgets.ts'
import type { Candidate, Fallback } from '../schema/candidate.ts'
import type { EvalCase } from '../schema/case.ts'
import type { JsonValue } from '../schema/json.ts'
import type { Task } from '../schema/message.ts'
import type { Layer } from '../schema/names.ts'
import type { Termination, TraceEvent } from '../schema/trace.ts'
import type { TrialKey } from '../schema/trial-key.ts'

/** One trial, ready to run. Nothing in it tells how it will be graded. */
export interface TrialPlan {
  readonly key: TrialKey
  readonly seed: number
  readonly layer: Layer
  readonly twinOf?: string
  readonly definitionHash: string
  readonly task: Task
  readonly budgets: Budgets
  readonly approvers: EvalCase['approvers']
  /** In whose name the agent acts in this case, over what its configuration says. */
  readonly identity?: EvalCase['identity']
  /** From this model request of the agent on, no model answers any more. */
  readonly modelOutageFrom?: number | undefined
}

/** What a trial leaves behind. */
export interface FinishedTrial {
  readonly events: readonly TraceEvent[]
  readonly finalState: JsonValue
  readonly termination: Termination
}

/** The parts of a candidate that the loop itself needs. */
export type AgentSettings = Pick<Candidate, 'name' | 'identity' | 'stop' | 'sampling'> & {
  readonly logFields: readonly string[]
  readonly fallback?: Fallback | undefined
  readonly softShare?: number | undefined
  readonly dynamic?: DynamicBudget | undefined
  readonly versions: Candidate['versions']
}
