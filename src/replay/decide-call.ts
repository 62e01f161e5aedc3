import { type ControlDecision, modifiedBy, strictest } from '../controls/control-decision.ts'
import type { ProposedAction } from '../controls/policy-engine.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ToolCallPart } from '../schema/message.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { callContext, drawOfCall, judgingContext } from './action-context.ts'
import type { Refusal } from './call-results.ts'
import { clearWithApprovers } from './clear-with-approvers.ts'
import { describeAction } from './describe-action.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/** Whether a call may run, and in which form. */
export type Passage =
  | { readonly passes: true; readonly action: ProposedAction }
  | { readonly passes: false; readonly refusal: Refusal; readonly fallback?: string }

/**
 * Asks every control about a call. All are asked and all is recorded, also what is not carried out: the
 * judging policy always, the candidate's own controls when the trial only observes.
 */
export async function decideCall(
  context: TrialContext,
  action: ProposedAction,
  part: ToolCallPart,
): Promise<Passage> {
  const { controls } = context.ports
  const draw = drawOfCall(context)
  const question = { stage: 'call', action, context: callContext(context, draw) } as const
  const own = [...(await controls.decide(question)), ...byBudget(context, action)]
  const judged = await controls.judge({ ...question, context: judgingContext(context) })
  recordDecisions(context, part.callId, [...own, ...judged])
  if (context.life.over) return tooLate
  if (!enforces(context)) return { passes: true, action }

  const overall = strictestOf(own)
  if (overall === 'deny') return denied(own)
  const modified = modifiedBy(own)
  const form =
    modified === undefined
      ? ({ passes: true, action, decisions: [] } as const)
      : await changedForm(context, modified, { part, draw })
  if (!form.passes) return form
  const decisions = [...own, ...form.decisions]
  if (strictestOf(decisions) !== 'escalate') return { passes: true, action: form.action }
  const refusal = clearWithApprovers(context, form.action, { part, decisions })
  return refusal === undefined ? { passes: true, action: form.action } : { passes: false, refusal }
}

const tooLate: Refused = {
  passes: false,
  refusal: { code: 'trial_over', message: 'the trial is over; nothing was done' },
}

type Refused = Extract<Passage, { readonly passes: false }>

type ChangedForm =
  | Refused
  | {
      readonly passes: true
      readonly action: ProposedAction
      /** What the candidate's controls say of the new form. */
      readonly decisions: readonly ControlDecision[]
    }

/**
 * The call in the form in which a control lets it pass. It is another call: all controls are asked about
 * it again, so that no change turns 40 dollars into 400 that nobody has approved.
 */
async function changedForm(
  context: TrialContext,
  modified: JsonValue,
  { draw, part }: { readonly draw: number; readonly part: ToolCallPart },
): Promise<ChangedForm> {
  const { controls } = context.ports
  const action = isObject(modified)
    ? describeAction(context, { ...part, args: modified }).action
    : undefined
  if (action === undefined) return unfit('a control changed the arguments into no call of the tool')
  const question = { stage: 'call', action, context: callContext(context, draw) } as const
  const own = await controls.decide(question)
  const judged = await controls.judge({ ...question, context: judgingContext(context) })
  const again = [...own, ...judged].map((said) => ({ ...said, ofModified: true }))
  recordDecisions(context, part.callId, again)
  if (context.life.over) return tooLate
  if (strictestOf(own) === 'deny') return denied(own)
  const next = modifiedBy(own) ?? action.args
  if (canonicalJson(next) === canonicalJson(action.args)) {
    return { passes: true, action, decisions: own }
  }
  return unfit('a control wants to change again what it has changed')
}

function unfit(message: string): Refused {
  return { passes: false, refusal: { code: 'denied_by_policy', message } }
}

function strictestOf(decisions: readonly ControlDecision[]): ControlDecision['decision'] {
  return strictest(decisions.map(({ decision }) => decision))
}

function denied(decisions: readonly ControlDecision[]): Refused {
  const denying = decisions.filter(({ decision }) => decision === 'deny')
  const fallback = denying.find((said) => said.fallback === true)
  return {
    passes: false,
    refusal: denial(denying),
    ...(fallback !== undefined && { fallback: fallback.rules[0]?.id ?? 'policy' }),
  }
}

/** What the agent is told of a denial: the first rule that denied. */
export function denial(decisions: readonly ControlDecision[]): Refusal {
  const rule = decisions.flatMap((said) => said.rules).find((said) => said.decision === 'deny')
  return {
    code: 'denied_by_policy',
    message: `${rule?.id ?? 'policy'}: ${rule?.reason ?? 'denied'}`,
  }
}

/** A budget that was shrunk because of bad signs lets nothing be written without a person. */
function byBudget(context: TrialContext, { effect }: ProposedAction): readonly ControlDecision[] {
  const why = context.shrunk.escalates
  if (why === undefined || effect === 'read') return []
  const rule = { id: 'budget.dynamic', decision: 'escalate', reason: why } as const
  return [{ source: 'budget', decision: 'escalate', rules: [rule] }]
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
