import { describeCall, describeValue } from '../graders/describe.ts'
import type { JsonObject } from '../schema/json.ts'
import type { OracleStep } from '../schema/oracle.ts'

/** A call as it is made: every argument is a value, nothing refers to an earlier result. */
export interface PlayCall {
  readonly call: string
  readonly args: JsonObject
  /** The reason that the agent states. */
  readonly reason?: string
}

/** One answer of an agent that lint plays. Words end the turn, also when they are empty. */
export type PlayStep = PlayCall | { readonly say: string }

export function isCallStep<Step extends PlayStep | OracleStep>(
  step: Step,
): step is Extract<Step, { readonly call: string }> {
  return 'call' in step
}

/** One line: `call orders.get(order_id="O-1")` or `say "It was delivered."`, shortened. */
export function describeStep(step: PlayStep): string {
  if (isCallStep(step)) return `call ${describeCall({ tool: step.call, args: step.args })}`
  return step.say === '' ? 'say nothing' : `say ${describeValue(step.say)}`
}
