import { modifiedBy, strictest } from '../controls/control-decision.ts'
import { actionContext, judgingContext } from './action-context.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import { isOver, type TrialContext } from './trial-context.ts'

/** A line of the agent's own log. */
interface LogLine {
  readonly id: string
  readonly text: string
}

/**
 * Takes a line of the agent's own log through the rules that see it, and writes down what of it was
 * logged.
 *
 * @returns the line as it may stand in the log; `undefined` where a control kept it out
 */
export async function recordLog(context: TrialContext, line: LogLine): Promise<string | undefined> {
  const { id, text } = line
  const { controls } = context.ports
  const question = { stage: 'log', output: text, context: actionContext(context) } as const
  const own = await controls.decide(question)
  const judged = await controls.judge({ ...question, context: judgingContext(context) })
  recordDecisions(context, id, [...own, ...judged])
  if (isOver(context)) return undefined
  const overall = enforces(context) ? strictest(own.map(({ decision }) => decision)) : 'allow'
  if (overall === 'allow') return logged(context, line, { passed: text })
  const modified = modifiedBy(own)
  if (overall !== 'modify' || typeof modified !== 'string') return logged(context, line, {})
  await judgeForm(context, { id, text: modified })
  return isOver(context) ? undefined : logged(context, line, { passed: modified })
}

/** The judging policy sees the line in the form in which a control lets it pass, too. */
async function judgeForm(context: TrialContext, { id, text }: LogLine): Promise<void> {
  const question = { stage: 'log', output: text, context: judgingContext(context) } as const
  const judged = await context.ports.controls.judge(question)
  recordDecisions(
    context,
    id,
    judged.map((said) => ({ ...said, ofModified: true })),
  )
}

function logged(
  context: TrialContext,
  { id, text }: LogLine,
  { passed }: { readonly passed?: string },
): string | undefined {
  context.record({
    type: 'log',
    logId: id,
    text,
    ...(passed === undefined && { withheld: true }),
    ...(passed !== undefined && passed !== text && { modified: passed }),
  })
  return passed
}
