import type { ModelReply } from '../providers/provider.ts'
import { recordReply } from './ask-model.ts'
import { isOutage, outageWords, recordOutage } from './model-outage.ts'
import { chargeTime, endsByBudget, type OutsideTalk } from './outside-talk.ts'
import type { ModelAdmission, SeenRequest } from './outside-trial.ts'

/**
 * Lets a model request of an agent outside pass, or ends the trial where a limit forbids it. In an
 * outage that the case declares it is refused, and the agent may make the best of that.
 */
export function admitModel(talk: OutsideTalk, request: SeenRequest): ModelAdmission {
  if (talk.ending === undefined) endByRequests(talk)
  if (talk.ending !== undefined) {
    const { message, termination } = talk.ending
    return { ok: false, why: `the trial is over: ${message ?? termination}` }
  }
  if (isOutage(talk.context, talk.modelRequests)) return refuseInOutage(talk)
  return { ok: true, close: openRequest(talk, request) }
}

/** Clients try again, some of them for ever: once is recorded. */
function refuseInOutage(talk: OutsideTalk): ModelAdmission {
  if (!talk.isOut) recordOutage(talk.context)
  talk.isOut = true
  return { ok: false, why: outageWords, status: 503 }
}

function endByRequests(talk: OutsideTalk): void {
  const { context, modelRequests } = talk
  chargeTime(talk)
  if (endsByBudget(talk)) return
  if (context.meter.wouldExceed('model_calls', 1)) {
    talk.end({ termination: 'budget', message: `${modelRequests} model calls, no more allowed` })
  } else if (modelRequests >= context.agent.stop.max_turns) {
    talk.end({ termination: 'max_turns', message: `${modelRequests} model requests` })
  }
}

function openRequest(
  talk: OutsideTalk,
  { messages, reference }: SeenRequest,
): (reply: ModelReply) => void {
  const { context, time, trouble } = talk
  talk.modelRequests += 1
  talk.ordinal += 1
  const { ordinal } = talk
  context.serving.model = reference
  context.record({ type: 'model.request', role: 'agent', ordinal, model: reference, messages })
  trouble.opened()
  // What a model takes is charged with its answer.
  time.pause()
  let isOpen = true
  return (reply) => {
    if (!isOpen) return
    isOpen = false
    time.resume()
    const fatal = trouble.closed(reply)
    if (talk.ending !== undefined) return
    recordReply(reply, { role: 'agent', ordinal, reference }, context)
    if (reply.ok) talk.proposals.note(reply.response.content, ordinal)
    if (fatal !== undefined) talk.end(fatal)
    else endsByBudget(talk)
  }
}
