import type { EventOf, TraceEvent } from '../../schema/trace.ts'

/** One call with everything that was said about it and what came of it. */
export interface CallStory {
  readonly proposed: EventOf<'tool.proposed'>
  readonly decisions: EventOf<'policy.decision'>[]
  readonly approvals: EventOf<'approval'>[]
  readonly notices: EventOf<'notice'>[]
  /** Absent: the trial ended first. */
  result?: EventOf<'tool.result'>
}

/** Words of the agent, what was said about them, and in which form they arrived. */
export interface WordsStory {
  readonly kind: 'reply' | 'log'
  readonly seq: number
  readonly decisions: readonly EventOf<'policy.decision'>[]
  readonly isWithheld: boolean
}

/** A model may use a call id again: what follows belongs to the latest proposal. */
export function callStories(events: readonly TraceEvent[]): readonly CallStory[] {
  const all: CallStory[] = []
  const latest = new Map<string, CallStory>()
  for (const event of events) {
    if (event.type === 'tool.proposed') {
      const story = { proposed: event, decisions: [], approvals: [], notices: [] }
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
  event: EventOf<'policy.decision' | 'approval' | 'notice' | 'tool.result'>,
): void {
  if (story === undefined) return
  if (event.type === 'policy.decision') story.decisions.push(event)
  else if (event.type === 'approval') story.approvals.push(event)
  else if (event.type === 'notice') story.notices.push(event)
  else story.result = event
}

/** Replies and log lines that a control kept back or changed; what decided it stands before each. */
export function changedWords(events: readonly TraceEvent[]): readonly WordsStory[] {
  const calls = new Set<string>()
  let decisions: EventOf<'policy.decision'>[] = []
  return events.flatMap((event, index): readonly WordsStory[] => {
    if (event.type === 'tool.proposed') calls.add(event.callId)
    if (event.type === 'policy.decision' && !calls.has(event.callId)) decisions.push(event)
    if (event.type !== 'message' && event.type !== 'log') return []
    const ofThese = decisions
    decisions = []
    const { seq, withheld } = event
    if (event.type === 'log') {
      if (withheld !== true && event.modified === undefined) return []
      return [{ kind: 'log', seq, decisions: ofThese, isWithheld: withheld === true }]
    }
    if (withheld !== true) return []
    return [{ kind: 'reply', seq, decisions: ofThese, isWithheld: !isPassedOn(events, index) }]
  })
}

/** Whether the same words follow in the form in which they arrived. */
function isPassedOn(events: readonly TraceEvent[], index: number): boolean {
  const next = events.slice(index + 1).find(({ type }) => type === 'message')
  return next?.type === 'message' && next.modified === true
}

/** Decisions, by their step, that the sections on why something ran, did not run or was not said tell in full. */
export function explainedSteps(events: readonly TraceEvent[]): ReadonlySet<number> {
  const calls = callStories(events).filter(isExplained)
  return new Set(
    [...calls, ...changedWords(events)].flatMap(({ decisions }) => decisions.map(({ seq }) => seq)),
  )
}

function isExplained({ decisions, proposed, result }: CallStory): boolean {
  if (result?.executed === false) return result.status === 'blocked'
  if (result === undefined) return false
  return proposed.effect !== 'read' || decisions.some(({ decision }) => decision !== 'allow')
}
