import { type ControlDecision, modifiedBy, strictest } from '../controls/control-decision.ts'
import type { ActionContext, PolicyQuestion, ProposedAction } from '../controls/policy-engine.ts'
import type { JsonValue } from '../schema/json.ts'
import type { ToolCallPart } from '../schema/message.ts'
import type { Refusal } from './call-results.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/** What a tool returned, and as whose action. */
interface Returned {
  readonly action: ProposedAction
  readonly value: JsonValue
  /** As it was before the call. */
  readonly before: ActionContext
}

/** What became of it. */
interface PassedResult {
  readonly value: JsonValue
  readonly refusal?: Refusal
  /** The rule that wants the candidate's fallback to act in place of the agent. */
  readonly fallback?: string
}

/** What of a result reaches the agent. The action is done by then. */
export async function passResult(
  context: TrialContext,
  part: ToolCallPart,
  { action, before, value }: Returned,
): Promise<PassedResult> {
  const { controls } = context.ports
  const question: PolicyQuestion = { stage: 'result', action, output: value, context: before }
  const own = await controls.decide(question)
  const judged = await controls.judge(question)
  recordDecisions(context, part.callId, [...own, ...judged])
  const overall = enforces(context) ? strictest(own.map(({ decision }) => decision)) : 'allow'
  if (overall === 'allow') return { value }
  if (overall === 'modify') return passModified(context, part, { question, value, own })
  const fallback = own.find((said) => said.fallback === true)?.rules[0]?.id
  return {
    value,
    refusal: withheldBy(own),
    ...(fallback !== undefined && { fallback }),
  }
}

function withheldBy(decisions: readonly ControlDecision[]): Refusal {
  const rule = decisions.flatMap(({ rules }) => rules).find(({ decision }) => decision !== 'allow')
  return { code: 'result_withheld', message: `the result is withheld by ${rule?.id ?? 'policy'}` }
}

/** The result in the form in which a control lets it pass; the judging policy sees that form, too. */
async function passModified(
  context: TrialContext,
  part: ToolCallPart,
  {
    own,
    question,
    value,
  }: {
    readonly own: readonly ControlDecision[]
    readonly question: PolicyQuestion
    readonly value: JsonValue
  },
): Promise<PassedResult> {
  const modified = modifiedBy(own)
  const judged = await context.ports.controls.judge({ ...question, output: modified ?? null })
  recordDecisions(
    context,
    part.callId,
    judged.map((said) => ({ ...said, ofModified: true })),
  )
  // `null` is a form like any other; a change into nothing at all is none, and is kept back.
  if (modified !== undefined) return { value: modified }
  return { value, refusal: withheldBy(own) }
}
