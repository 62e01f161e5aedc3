import { modifiedBy, strictest } from '../controls/control-decision.ts'
import { actionContext, judgingContext } from './action-context.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/**
 * Takes a line of the agent's own log through the rules that see it, and writes down what of it was
 * logged.
 *
 * @returns the line as it may stand in the log; `undefined` where a control kept it out
 */
export async function recordLog(
  context: TrialContext,
  { id, text }: { readonly id: string; readonly text: string },
): Promise<string | undefined> {
  const { controls } = context.ports
  const question = { stage: 'log', output: text, context: actionContext(context) } as const
  const own = await controls.decide(question)
  const judged = await controls.judge({ ...question, context: judgingContext(context) })
  recordDecisions(context, id, [...own, ...judged])
  if (context.life.over) return undefined
  const overall = enforces(context) ? strictest(own.map(({ decision }) => decision)) : 'allow'
  const modified = modifiedBy(own)
  const passed = overall === 'modify' && typeof modified === 'string' ? modified : undefined
  const isWithheld = overall === 'deny' || overall === 'escalate'
  context.record({
    type: 'log',
    logId: id,
    text,
    ...(isWithheld && { withheld: true }),
    ...(passed !== undefined && { modified: passed }),
  })
  if (isWithheld) return undefined
  return passed ?? text
}
