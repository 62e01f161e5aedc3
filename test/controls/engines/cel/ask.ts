import type { z } from 'zod'
import type { ControlDecision } from '../../../../src/controls/control-decision.ts'
import { celEngine } from '../../../../src/controls/engines/cel/cel-engine.ts'
import { executedCall } from '../../../../src/controls/executed-call.ts'
import type {
  ActionContext,
  PolicyQuestion,
  ProposedAction,
} from '../../../../src/controls/policy-engine.ts'
import { toExprValue } from '../../../../src/expr/value.ts'
import type { JsonObject, JsonValue } from '../../../../src/schema/json.ts'
import { policyRule } from '../../../../src/schema/policy.ts'

export type Rule = Partial<z.input<typeof policyRule>>

export const now = '2026-01-05T09:00:00.000Z'

/** An earlier executed call, by default of a minute ago. */
export interface Earlier {
  readonly tool?: string
  readonly args?: JsonObject
  readonly result?: JsonValue
  readonly at?: string
  readonly usd?: number
}

export function aContext(
  calls: readonly Earlier[] = [],
  changes: Partial<ActionContext> = {},
): ActionContext {
  return {
    agent: { principal: 'agent' },
    calls: calls.map(({ usd, ...call }) =>
      executedCall({
        tool: 'payments.issue_refund',
        args: {},
        result: null,
        at: '2026-01-05T08:59:00.000Z',
        ...(usd !== undefined && { usd }),
        ...call,
      }),
    ),
    now,
    state: toExprValue({ orders: { 'O-1': { customer: 'C-1' } } }),
    ...changes,
  }
}

export function anAction(changes: Partial<ProposedAction> = {}): ProposedAction {
  return { tool: 'payments.issue_refund', args: {}, tier: 2, effect: 'write', ...changes }
}

export function aCall(
  changes: Partial<ProposedAction> = {},
  calls: readonly Earlier[] = [],
): PolicyQuestion {
  return { stage: 'call', action: anAction(changes), context: aContext(calls) }
}

export function aResult(output: JsonValue, changes: Partial<ProposedAction> = {}): PolicyQuestion {
  return { stage: 'result', action: anAction(changes), output, context: aContext() }
}

export function aReply(output: string): PolicyQuestion {
  return { stage: 'reply', output, context: aContext() }
}

export function aLogLine(output: string): PolicyQuestion {
  return { stage: 'log', output, context: aContext() }
}

/** Rules are called r0, r1, … */
export function asked(
  rules: readonly Rule[],
  question: PolicyQuestion,
  seesState = false,
): ControlDecision | undefined | Promise<ControlDecision | undefined> {
  const written = rules.map((rule, index) => policyRule.parse({ id: `r${index}`, ...rule }))
  return celEngine(written, { version: 'v1', seesState }).decide(question)
}

/** The answer of an engine that needs nothing but its rules: it is there at once. */
export function atOnce(
  rules: readonly Rule[],
  question: PolicyQuestion,
  seesState = false,
): ControlDecision | undefined {
  const answer = asked(rules, question, seesState)
  if (answer instanceof Promise) throw new Error('this rule should be answered at once')
  return answer
}
