import type { JudgedCriterion } from '../graders/judge/yardstick.ts'
import type { ModelReply } from '../providers/provider.ts'
import type { Canary, JudgeCalibration } from '../schema/judge.ts'
import type { JudgePort } from './ask-judge.ts'
import { type CanaryAnswer, type CanaryCheck, checkCanaries } from './check-canaries.ts'
import { judgeRequest } from './judge-request.ts'
import { readVote } from './read-vote.ts'

/** Asked at the start of every run that a live judge votes in; more would cost more than they tell. */
const mostCanaries = 20

/** The trial that a canary is asked in, for cassettes and journals: no trial is called so. */
const canaryTrial = 'judge-canaries'

/** How the canaries were answered, and what asking them cost. */
export interface AskedCanaries extends CanaryCheck {
  /** How many it was asked about. */
  readonly asked: number
  /** Absent where a price is not known. */
  readonly costUsd?: number
}

/**
 * Asks a live judge once about each of its canaries and decides whether it may go on. Only canaries of
 * criteria whose calibration is in force are asked: for others there is nothing to lose. A judge of
 * stored votes cannot change, and is not asked.
 */
export async function askCanaries(
  { live, yardstick }: Pick<JudgePort, 'live' | 'yardstick'>,
  calibration: JudgeCalibration | undefined,
  signal: AbortSignal,
): Promise<AskedCanaries> {
  const calibrated = new Map(
    [...yardstick.criteria.values()]
      .filter(({ standing }) => standing === 'calibrated')
      .map((criterion) => [criterion.hash, criterion]),
  )
  const canaries = (calibration?.canaries ?? []).flatMap((canary) => {
    const criterion = calibrated.get(canary.criterionHash)
    return criterion === undefined ? [] : [{ canary, criterion }]
  })
  const asked = live === undefined ? [] : canaries.slice(0, mostCanaries)
  const replies: (ModelReply | undefined)[] = []
  for (const [ordinal, one] of asked.entries()) {
    replies.push(signal.aborted ? undefined : await ask(one, { live, ordinal }, signal))
  }
  const answers = asked.map(({ canary }, index) => answerOf(canary, replies[index]))
  const costs = replies.flatMap((reply) => (reply?.ok === true ? [reply.response.costUsd] : []))
  const isPriced = costs.every((cost) => cost !== undefined)
  return {
    ...checkCanaries(answers, calibration ?? { criteria: [] }),
    asked: asked.length,
    ...(isPriced && { costUsd: costs.reduce((sum, cost) => sum + cost, 0) }),
  }
}

async function ask(
  { canary, criterion }: { readonly canary: Canary; readonly criterion: JudgedCriterion },
  { live, ordinal }: { readonly live: JudgePort['live']; readonly ordinal: number },
  signal: AbortSignal,
): Promise<ModelReply | undefined> {
  if (live === undefined) return undefined
  const place = { model: live.model, seed: 0, trial: canaryTrial, ordinal }
  return await live.provider.complete(judgeRequest(criterion, canary.transcript, place), signal)
}

function answerOf({ transcript, vote }: Canary, reply: ModelReply | undefined): CanaryAnswer {
  const cast = reply?.ok === true ? readVote(reply.response, transcript) : undefined
  return { frozen: vote, now: cast !== undefined && 'vote' in cast ? cast.vote : undefined }
}
