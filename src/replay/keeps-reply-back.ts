import { actionContext } from './handle-call.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/**
 * Whether the candidate's output rules keep words from the user, also words beside calls. Every
 * decision is recorded.
 *
 * @param ordinal - of the model request or handover that the words answer
 */
export function keepsReplyBack(context: TrialContext, text: string, ordinal: number): boolean {
  if (text === '') return false
  const { controls } = context.ports
  const seen = actionContext(context)
  const own = controls.decideReply(text, seen)
  recordDecisions(context, `reply-${ordinal}`, [own, controls.judgeReply(text, seen)])
  return enforces(context) && own !== undefined && own.decision !== 'allow'
}
