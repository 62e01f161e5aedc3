import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { JudgedCriterion } from '../../graders/judge/yardstick.ts'
import {
  type ReviewableTrial,
  type ReviewReason,
  reviewableTrial,
  sampleReview,
} from '../../judge/sample-review.ts'
import { type Transcript, transcriptOf } from '../../judge/transcript.ts'
import { readEvents } from '../run-folder/read-events.ts'
import { readManifest, readTrials } from '../run-folder/run-folder.ts'
import type { JudgedSet } from './calibration-ground.ts'
import { type VoteInRun, votesOfRun } from './votes-of-run.ts'

/** One question about one transcript, to be answered by a person. */
export interface ReviewItem {
  /** As text, such as `refund.full#1`. */
  readonly trial: string
  readonly tier: number | undefined
  readonly why: ReviewReason
  readonly criterion: JudgedCriterion
  readonly transcript: Transcript
}

export interface ReviewRequest {
  /** Absolute folder of the run. */
  readonly run: string
  readonly evalSet: JudgedSet
  readonly only: string | undefined
  readonly share: number
  readonly seed: number
}

/** The sample of a run, and what it was drawn from. */
export interface ReviewSample {
  readonly items: readonly ReviewItem[]
  /** Trials of the run whose case asks the judge. */
  readonly of: number
  /** Trials that are looked at, by why. */
  readonly trials: Readonly<Record<ReviewReason, number>>
  readonly votes: readonly VoteInRun[]
}

/**
 * Draws the trials of a run that people look at. Trials that went the same way word for word have one
 * transcript, and it is shown once.
 *
 * @throws AgentEvalError (usage) for a run of another eval set, of a holdout, or without such trials
 */
export async function reviewItems(request: ReviewRequest): Promise<ReviewSample> {
  const { evalSet, only, run, seed, share } = request
  await requireReviewable(request)
  const trials = await trialsOf(run, only)
  if (trials.length === 0) {
    throw new AgentEvalError(
      only === undefined
        ? 'no case of this run asks a judge'
        : `no case of this run asks for "${only}"`,
      'usage',
      { hint: 'a case does so by expect: { judge: [CRITERION] }' },
    )
  }
  const votes = await votesOfRun(run)
  const sample = sampleReview(trials, { share, seed, votesDisagree: disagreeing(votes, evalSet) })
  const items: ReviewItem[] = []
  const seen = new Set<string>()
  for (const { criteria, tier, trial, why } of sample) {
    const transcript = transcriptOf(await readEvents(run, trial))
    for (const id of criteria) {
      const criterion = evalSet.judge.yardstick.criteria.get(id)
      const key = `${id} ${transcript.hash}`
      if (criterion === undefined || transcript.text === '' || seen.has(key)) continue
      seen.add(key)
      items.push({ trial, tier, why, criterion, transcript })
    }
  }
  const count = (why: ReviewReason): number => sample.filter((one) => one.why === why).length
  return {
    items,
    of: trials.length,
    trials: {
      drawn: count('drawn'),
      'votes-disagree': count('votes-disagree'),
      'grades-disagree': count('grades-disagree'),
    },
    votes,
  }
}

async function requireReviewable({ evalSet, run }: ReviewRequest): Promise<void> {
  const { cases, provenance } = await readManifest(run)
  const shown = path.basename(run)
  if (provenance.evalSet.id !== evalSet.id) {
    throw new AgentEvalError(
      `${shown} is a run of "${provenance.evalSet.id}", not of "${evalSet.id}"`,
      'usage',
    )
  }
  // A holdout that was looked at is a holdout no more.
  if (cases.some((one) => one.split === 'holdout')) {
    throw new AgentEvalError('trials of holdout cases are not shown', 'usage', {
      hint: 'review a run of the other cases',
    })
  }
}

async function trialsOf(
  run: string,
  only: string | undefined,
): Promise<readonly ReviewableTrial[]> {
  const trials = new Map<string, ReviewableTrial>()
  for await (const line of readTrials(run)) {
    const trial = reviewableTrial(line, only)
    if (trial !== undefined) trials.set(trial.trial, trial)
  }
  return [...trials.values()]
}

/** Trials on which votes on one criterion, as it is worded now, are not all the same. */
function disagreeing(votes: readonly VoteInRun[], { judge }: JudgedSet): ReadonlySet<string> {
  const { criteria } = judge.yardstick
  const cast = new Map<string, Set<string>>()
  for (const { trial, vote } of votes) {
    if (criteria.get(vote.criterion)?.hash !== vote.criterionHash) continue
    const key = JSON.stringify([trial, vote.criterion, vote.judge])
    cast.set(key, (cast.get(key) ?? new Set()).add(vote.vote))
  }
  const divided = [...cast].filter(([, answers]) => answers.size > 1)
  return new Set(divided.map(([key]) => (JSON.parse(key) as [string])[0]))
}
