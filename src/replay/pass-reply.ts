import { modifiedBy, strictest } from '../controls/control-decision.ts'
import { type Part, textOf, textPart } from '../schema/message.ts'
import { actionContext, judgingContext } from './action-context.ts'
import { enforces, recordDecisions } from './record-decisions.ts'
import type { TrialContext } from './trial-context.ts'

/** Words of the agent, and where in the conversation they stand. */
interface Spoken {
  /** All parts of the message, calls too. */
  readonly content: Part[]
  readonly turn: number
  /** Of the model request or handover that the words answer. */
  readonly ordinal: number
}

/** What became of them. */
export interface PassedReply {
  /** What reached the user; empty where nothing did. */
  readonly heard: string
  /** A rule wants the candidate's fallback to speak instead. */
  readonly fallback?: string
}

/**
 * Takes words to the user, also words beside calls, through the candidate's output rules and writes
 * down what was said and what of it arrived. Every decision is recorded.
 */
export async function passReply(context: TrialContext, spoken: Spoken): Promise<PassedReply> {
  const { content, ordinal, turn } = spoken
  const text = textOf(content)
  const message = { type: 'message', role: 'assistant', turn } as const
  if (text === '') {
    context.record({ ...message, content })
    return { heard: '' }
  }
  const { controls } = context.ports
  const id = `reply-${ordinal}`
  const question = { stage: 'reply', output: text, context: actionContext(context) } as const
  const own = await controls.decide(question)
  const judged = await controls.judge({ ...question, context: judgingContext(context) })
  recordDecisions(context, id, [...own, ...judged])
  if (context.life.over) return { heard: '' }
  const overall = enforces(context)
    ? strictest(own.map(({ decision }) => decision))
    : ('allow' as const)
  if (overall === 'allow') {
    context.record({ ...message, content })
    return { heard: text }
  }
  context.record({ ...message, content, withheld: true })
  const modified = modifiedBy(own)
  if (overall === 'modify' && typeof modified === 'string') {
    return passModified(context, { id, turn, heard: modified })
  }
  const fallback = own.find((said) => said.fallback === true)?.rules[0]?.id
  return { heard: '', ...(fallback !== undefined && { fallback }) }
}

/** The words in the form in which a control lets them pass; the judging policy sees that form, too. */
async function passModified(
  context: TrialContext,
  { heard, id, turn }: { readonly id: string; readonly heard: string; readonly turn: number },
): Promise<PassedReply> {
  const question = { stage: 'reply', output: heard, context: judgingContext(context) } as const
  const judged = await context.ports.controls.judge(question)
  if (context.life.over) return { heard: '' }
  recordDecisions(
    context,
    id,
    judged.map((said) => ({ ...said, ofModified: true })),
  )
  context.record({
    type: 'message',
    role: 'assistant',
    turn,
    content: heard === '' ? [] : [textPart(heard)],
    modified: true,
  })
  return { heard }
}
