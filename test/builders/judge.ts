import { criterionHash } from '../../src/graders/judge/criterion-hash.ts'
import type { JudgedCriterion, JudgeYardstick } from '../../src/graders/judge/yardstick.ts'
import { criterion, type JudgeSummary, judgeSummary } from '../../src/schema/judge.ts'
import { type EventBody, eventBody, type TraceEvent } from '../../src/schema/trace.ts'

/** A criterion with its hash; uncalibrated unless the test says otherwise. */
export function aCriterion(facts: Partial<JudgedCriterion> = {}): JudgedCriterion {
  const { hash, standing = 'uncalibrated', why, ...written } = facts
  const parsed = criterion.parse({ id: 'polite', question: 'Is the agent polite?', ...written })
  return {
    ...parsed,
    hash: hash ?? criterionHash(parsed),
    standing,
    ...(why !== undefined && { why }),
  }
}

export function aYardstick(
  criteria: readonly JudgedCriterion[] = [aCriterion()],
  facts: Partial<Pick<JudgeYardstick, 'model' | 'votes'>> = {},
): JudgeYardstick {
  const byId = new Map(criteria.map((one) => [one.id, one]))
  return { model: 'openai:judge', votes: 3, ...facts, criteria: byId }
}

type VoteBody = Extract<EventBody, { type: 'judge.vote' }>

/** A trace with votes after its end, numbered from 0 where the test gives no ordinal. */
export function withVotes(
  events: readonly TraceEvent[],
  votes: readonly Partial<VoteBody>[],
  { hash, id }: JudgedCriterion = aCriterion(),
): readonly TraceEvent[] {
  const added = votes.map((vote, index): TraceEvent => {
    const body = eventBody.parse({
      type: 'judge.vote',
      criterion: id,
      criterionHash: hash,
      transcriptHash: 'sha256:0',
      model: 'openai:judge',
      ordinal: index,
      from: 'live',
      ...vote,
    })
    return { ...body, seq: events.length + index, tMs: events.at(-1)?.tMs ?? 0 }
  })
  return [...events, ...added]
}

export function aJudgeSummary(facts: Partial<JudgeSummary> = {}): JudgeSummary {
  return judgeSummary.parse({
    model: 'stored:demo',
    trials: 24,
    cases: 8,
    failed: 2,
    advised: 0,
    unscored: 3,
    uncalibrated: [],
    ...facts,
  })
}
