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
  fallback: { by: 'nobody', words: 'the fallback took over' },
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

/** In words, when the surroundings ended the trial: then nothing is known about the agent. */
export function surroundingsFault(end: EventOf<'trial.end'>): string | undefined {
  return endings[end.termination].by === 'surroundings' ? describeEnd(end) : undefined
}

/** Fails a trial that the agent did not bring to an end; no grade where it did. */
export function gradeTermination({ end }: TrialView): Grade | undefined {
  if (end === undefined || endings[end.termination].by !== 'agent') return undefined
  return { grader: 'termination', status: 'fail', reason: describeEnd(end), events: [end.seq] }
}

function describeEnd({ termination, message }: EventOf<'trial.end'>): string {
  const { words } = endings[termination]
  return message === undefined ? words : `${words}: ${describeSource(message)}`
}
