import type { ModelFailure, ModelReply } from '../providers/provider.ts'
import type { FailureClass } from '../schema/model-answer.ts'
import type { TrialEnding } from './trial-ending.ts'

/** Whose doing a failed model request of an agent outside is, and whether it may go on after it. */
const whose: Record<FailureClass, 'agent' | 'passing' | 'final'> = {
  rate_limit: 'passing',
  transient: 'passing',
  timeout: 'passing',
  bad_request: 'agent',
  context_overflow: 'agent',
  // Whatever an agent does without these tells nothing of it.
  auth: 'final',
  bug: 'final',
  cassette_miss: 'final',
  budget: 'final',
}

/** How the model requests of an agent outside go, as far as they explain how its trial ends. */
export interface ModelTrouble {
  readonly opened: () => void
  /** How the trial ends by this reply, where the agent cannot go on. */
  readonly closed: (reply: ModelReply) => TrialEnding | undefined
  /** How a turn that came to nothing ends, where a service is the reason. */
  readonly excuse: () => TrialEnding | undefined
  /** The same, for a turn that took too long. */
  readonly excuseDelay: () => TrialEnding | undefined
}

export function modelTrouble(): ModelTrouble {
  let last: ModelFailure | undefined
  let openRequests = 0
  const excuse = (): TrialEnding | undefined => {
    if (last === undefined) return undefined
    if (last.class === 'context_overflow') {
      return { termination: 'context_overflow', message: last.message }
    }
    return whose[last.class] === 'agent' ? undefined : serviceFailed(last)
  }
  return {
    opened: () => {
      openRequests += 1
    },
    closed(reply) {
      openRequests -= 1
      last = reply.ok ? undefined : reply.error
      return last !== undefined && whose[last.class] === 'final' ? serviceFailed(last) : undefined
    },
    excuse,
    excuseDelay: () => {
      if (openRequests === 0) return excuse()
      const message = 'timeout: the turn ended while a model request was still without an answer'
      return { termination: 'provider_error', message }
    },
  }
}

function serviceFailed({ class: kind, message }: ModelFailure): TrialEnding {
  return { termination: 'provider_error', message: `${kind}: ${message}` }
}
