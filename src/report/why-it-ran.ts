import type { EventOf, TraceEvent } from '../schema/trace.ts'
import { wrapped } from './columns.ts'
import type { Paint } from './paint.ts'
import { sayInTerminal as say } from './say.ts'
import { decisionText } from './trial-steps.ts'

/** One call with everything that was said about it before it ran. */
interface CallStory {
  readonly proposed: EventOf<'tool.proposed'>
  readonly decisions: EventOf<'policy.decision'>[]
  readonly approvals: EventOf<'approval'>[]
  ran: boolean
}

/**
 * Why each action was let happen: for every executed call that writes, or that the eval set's policy
 * speaks against, each control's answer and each approval.
 */
export function whyItRan(events: readonly TraceEvent[], paint: Paint): readonly string[] {
  return storiesOf(events)
    .filter((story) => story.ran && (story.proposed.effect !== 'read' || speaksAgainst(story)))
    .flatMap((story) => storyLines(story, paint))
}

/** A model may use a call id again: what follows belongs to the latest proposal. */
function storiesOf(events: readonly TraceEvent[]): readonly CallStory[] {
  const all: CallStory[] = []
  const latest = new Map<string, CallStory>()
  for (const event of events) {
    if (event.type === 'tool.proposed') {
      const story = { proposed: event, decisions: [], approvals: [], ran: false }
      all.push(story)
      latest.set(event.callId, story)
    } else if ('callId' in event) {
      addTo(latest.get(event.callId), event)
    }
  }
  return all
}

function addTo(
  story: CallStory | undefined,
  event: EventOf<'policy.decision' | 'approval' | 'tool.result'>,
): void {
  if (story === undefined) return
  if (event.type === 'policy.decision') story.decisions.push(event)
  else if (event.type === 'approval') story.approvals.push(event)
  else story.ran ||= event.executed
}

function speaksAgainst({ decisions }: CallStory): boolean {
  return decisions.some(({ source, decision }) => source === 'judging' && decision !== 'allow')
}

function storyLines(
  { proposed, decisions, approvals }: CallStory,
  paint: Paint,
): readonly string[] {
  const answers = decisions.map((decision) => {
    if (decision.source === 'judging') return `${decisionText(decision)}; it judges and never stops`
    return decisionText(decision) + (decision.enforced ? '' : '; recorded only')
  })
  const people = approvals.map(({ principal, decision }) => `${decision} by ${say(principal)}`)
  const all = [...answers, ...people]
  const lines = all.length === 0 ? ['no rule covers it, and no control refused it'] : all
  return [
    `  ${paint('bold', `step ${proposed.seq}  ${say(proposed.tool)}`)}`,
    ...lines.flatMap((text) => wrapped(text, '      ', '    ')),
  ]
}
