import { AgentEvalError } from '../../errors.ts'
import { countVotes } from '../../graders/judge/count-votes.ts'
import {
  type AnsweredItem,
  type AskedHow,
  agreementOn,
  answerItems,
} from '../../judge/agreement.ts'
import type { PlacedLabel } from '../../judge/label-rows.ts'
import { type LabelledItem, type SettledLabels, settleLabels } from '../../judge/settle-labels.ts'
import { storedVotes } from '../../judge/stored-votes.ts'
import type { StoredVote } from '../../schema/judge.ts'
import type { CriterionAgreement } from '../../schema/judge-agreement.ts'
import type { CalibrationGround } from './calibration-ground.ts'

/** A criterion with what people said of it, and how its judge is asked and counted. */
interface LabelledCriterion {
  readonly settled: SettledLabels
  readonly how: AskedHow
}

/** Everything that was labelled, one criterion after the other. */
export interface LabelledCriteria {
  readonly criteria: readonly LabelledCriterion[]
  /** Criteria of the rubric that nobody has labelled. */
  readonly unlabelled: readonly string[]
}

/**
 * Sorts labels by criterion. Those of another wording of it are left out and counted: what people said
 * of another question says nothing of this one.
 */
export function labelledCriteria(
  labels: readonly PlacedLabel[],
  ground: CalibrationGround,
): LabelledCriteria {
  const ids = [...new Set(labels.map(({ criterion }) => criterion))].sort()
  const criteria = ids.map((id) => {
    const own = labels.filter(({ criterion }) => criterion === id)
    const asked = askedOf(id, own, ground)
    const current = own.filter(({ criterionHash: hash }) => isSame(hash, asked.criterionHash))
    const [settled = noLabels(id)] = settleLabels(current)
    const otherWording = own.length - current.length
    const byJudge = current.filter(({ author }) => isJudge(author, ground)).length
    return { settled, how: { ...asked, votes: ground.votesEach, otherWording, byJudge } }
  })
  const rubric = [...(ground.evalSet?.judge.yardstick.criteria.keys() ?? [])]
  return { criteria, unlabelled: rubric.filter((id) => !ids.includes(id)).sort() }
}

function isSame(labelled: string | undefined, asked: string | undefined): boolean {
  return labelled === undefined || asked === undefined || labelled === asked
}

function isJudge(author: string, { voter }: CalibrationGround): boolean {
  return author.toLowerCase() === voter.toLowerCase()
}

function noLabels(criterion: string): SettledLabels {
  return { criterion, items: [], authors: 0, shared: 0 }
}

/** Without an eval set the labels say which wording was asked, or else the votes do. */
function askedOf(
  id: string,
  labels: readonly PlacedLabel[],
  { evalSet, labelsFile, voter, votes }: CalibrationGround,
): Pick<AskedHow, 'criterionHash' | 'passes'> {
  const known = evalSet?.judge.yardstick.criteria.get(id)
  if (known !== undefined) return { criterionHash: known.hash, passes: known.passes }
  const labelled = labels.flatMap(({ criterionHash = [] }) => criterionHash)
  const voted = votes.flatMap((vote) =>
    vote.criterion === id && vote.judge === voter ? [vote.criterionHash] : [],
  )
  const [first, ...others] = new Set(labelled.length > 0 ? labelled : voted)
  if (others.length > 0) {
    throw new AgentEvalError(`"${id}" stands there in several wordings`, 'input', {
      source: { file: labelsFile.shown },
      hint: 'name the eval set: its rubric says which one is meant',
    })
  }
  return { passes: 'yes', ...(first !== undefined && { criterionHash: first }) }
}

/** A criterion held against people, and the transcripts behind it. */
export interface MeasuredCriterion {
  readonly agreement: CriterionAgreement
  readonly items: readonly AnsweredItem[]
}

export function measureJudge(
  { criteria }: LabelledCriteria,
  votes: readonly StoredVote[],
  ground: CalibrationGround,
): readonly MeasuredCriterion[] {
  const votesOf = votesBy(votes, ground)
  return criteria.map(({ how, settled }) => {
    const items = answerItems(settled, how, (item) => votesOf(item, how))
    return { items, agreement: agreementOn(settled, how, items) }
  })
}

/** Transcripts whose majority is open and whose text is known, so that the judge could be asked. */
export function openItems(
  { criteria }: LabelledCriteria,
  votes: readonly StoredVote[],
  ground: CalibrationGround,
): readonly LabelledItem[] {
  const votesOf = votesBy(votes, ground)
  return criteria.flatMap(({ how, settled }) =>
    settled.items.filter((item) => {
      const isOpen = countVotes(votesOf(item, how), how.votes) === 'open'
      return isOpen && (ground.transcripts.get(item.transcriptHash) ?? '') !== ''
    }),
  )
}

function votesBy(
  votes: readonly StoredVote[],
  { voter: judge, votesEach }: CalibrationGround,
): (item: LabelledItem, how: Pick<AskedHow, 'criterionHash'>) => readonly StoredVote['vote'][] {
  const stored = storedVotes(votes)
  const ordinals = Array.from({ length: votesEach }, (_, ordinal) => ordinal)
  return ({ transcriptHash }, { criterionHash }) => {
    if (criterionHash === undefined) return []
    const key = { criterionHash, transcriptHash, judge }
    return ordinals.flatMap((ordinal) => stored({ ...key, ordinal })?.vote ?? [])
  }
}
