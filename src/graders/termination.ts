import type { Grade } from '../schema/grade.ts'
import type { EventOf, Termination } from '../schema/trace.ts'
import { describeSource } from './describe.ts'
import type { TrialView } from './trial-view.ts'

/** Whose doing each ending is, and how a report says it. */
const endings: Record<
  Termination,
  { readonly by: 'nobody' | 'agent' | 'surroundings'; readonly words: string }
> = {
  done: { by: 'nobody', words: 'done' },
  fallback: { by: 'agent', words: 'the fallback had to act' },
  budget: { by: 'agent', words: 'stopped by its own budget' },
  max_turns: { by: 'agent', words: 'stopped at its limit of turns' },
  loop: { by: 'agent', words: 'stopped because it went in circles' },
  refusal: { by: 'agent', words: 'the model refused to answer' },
  context_overflow: { by: 'agent', words: 'the conversation outgrew the context of the model' },
  agent_error: { by: 'agent', words: 'the agent crashed' },
  provider_error: { by: 'surroundings', words: 'the provider failed' },
  harness_error: { by: 'surroundings', words: 'the harness failed' },
  user_sim: { by: 'surroundings', words: 'user_sim' },
  timeout: { by: 'surroundings', words: 'timed out' },
  aborted: { by: 'surroundings', words: 'aborted' },
}

/** Whose doing it is that a trial ended so. */
export function endedBy(termination: Termination): 'nobody' | 'agent' | 'surroundings' {
  return endings[termination].by
}

/** In words, when the surroundings ended the trial: then nothing is known about the agent. */
export function surroundingsFault(end: EventOf<'trial.end'>): string | undefined {
  return endings[end.termination].by === 'surroundings' ? describeEnd(end) : undefined
}

/**
 * Fails a trial that the agent did not bring to an end; no grade where it did, or where the case takes
 * the end by the candidate's fallback for a right one.
 *
 * Otherwise a fallback would turn failures into passes: its words could tell what the agent had done
 * before it went in circles.
 */
export function gradeTermination(view: TrialView): Grade | undefined {
  const { end } = view
  if (end === undefined || endings[end.termination].by !== 'agent') return undefined
  if (end.termination === 'fallback' && mayFallBack(view)) return undefined
  return { grader: 'termination', status: 'fail', reason: describeEnd(end), events: [end.seq] }
}

/** Its case says so, or the fallback acted in the outage that its case declares. */
function mayFallBack({ case: { expect, world }, fallback }: TrialView): boolean {
  if (expect.fallback !== undefined) return expect.fallback
  return world.model_outage_from !== undefined && fallback === 'outage'
}

function describeEnd({ termination, message }: EventOf<'trial.end'>): string {
  const { words } = endings[termination]
  return message === undefined ? words : `${words}: ${describeSource(message)}`
}
