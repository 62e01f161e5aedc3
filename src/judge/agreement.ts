import { countVotes } from '../graders/judge/count-votes.ts'
import type { Agreement } from '../metrics/agreement-table.ts'
import { clopperPearson } from '../metrics/binomial-intervals.ts'
import { cohenKappa } from '../metrics/cohen-kappa.ts'
import { gwetAc1 } from '../metrics/gwet-ac1.ts'
import type { JudgeLabels } from '../metrics/judge-accuracy.ts'
import { type JudgeShortfall, judgeStanding } from '../metrics/judge-standing.ts'
import { labelsOfTable } from '../metrics/labels-of-table.ts'
import type { JudgeTable, StoredVote } from '../schema/judge.ts'
import type { BeyondChance, CriterionAgreement, Rated } from '../schema/judge-agreement.ts'
import { groupsOf, macroOf } from './agreement-groups.ts'
import type { LabelledItem, SettledLabels } from './settle-labels.ts'

type Answer = StoredVote['vote']

/** An item, and what the judge made of it. */
export interface AnsweredItem extends LabelledItem {
  /** What its majority says of the trial; `undefined` where there is no majority. */
  readonly judged: 'pass' | 'fail' | undefined
  readonly majority: 'yes' | 'no' | undefined
  readonly cast: readonly Answer[]
}

/** How a criterion is asked and counted. */
export interface AskedHow {
  readonly criterionHash?: string
  /** Which answer is good. */
  readonly passes: 'yes' | 'no'
  /** Votes that make a whole; more than half of them decide. */
  readonly votes: number
  /** Labels that were given on another wording. */
  readonly otherWording: number
  /** Labels by an author who is called as the judge is. */
  readonly byJudge: number
}

/** Each item with the judge's majority on it. */
export function answerItems(
  { items }: SettledLabels,
  { passes, votes }: AskedHow,
  votesOn: (item: LabelledItem) => readonly Answer[],
): readonly AnsweredItem[] {
  return items.map((item) => {
    const cast = votesOn(item).slice(0, votes)
    const found = countVotes(cast, votes)
    const majority = found === 'yes' || found === 'no' ? found : undefined
    const judged = majority === passes ? 'pass' : 'fail'
    return { ...item, cast, majority, judged: majority === undefined ? undefined : judged }
  })
}

/**
 * Holds a judge against people on one criterion. Items on which people are undecided say nothing and
 * are left out; of those that the judge left open only the accuracy knows.
 *
 * Sensitivity is the share of trials that people passed and the judge passed too, specificity that of
 * those that both failed; Clopper-Pearson intervals.
 */
export function agreementOn(
  settled: SettledLabels,
  how: AskedHow,
  items: readonly AnsweredItem[],
): CriterionAgreement {
  const known = items.filter(({ label }) => label !== 'undecided')
  const table = tableOf(known)
  const labels = labelsOfTable(table)
  const { accuracy, mayGate, shortfalls } = judgeStanding(labels)
  const passed = known.filter(({ label }) => label === 'pass').length
  const people = { pass: passed, fail: known.length - passed }
  const groups = groupsOf(known)
  const macro = macroOf(groups)
  return {
    criterion: settled.criterion,
    ...(how.criterionHash !== undefined && { criterionHash: how.criterionHash }),
    mayGate,
    missing: shortfalls.map((one) => shortfallWords[one](labels, accuracy?.youden)),
    labels: {
      ...people,
      undecided: items.length - known.length,
      otherWording: how.otherWording,
      byJudge: how.byJudge,
      authors: settled.authors,
      shared: settled.shared,
      ...(settled.alpha !== undefined && { alpha: settled.alpha }),
    },
    table,
    ...ratedAs('sensitivity', labels.humanPassAgreed, labels.humanPass),
    ...ratedAs('specificity', labels.humanFailAgreed, labels.humanFail),
    ...(accuracy !== undefined && { youden: accuracy.youden }),
    ...beyondChance(table),
    ...shareRight(known, people),
    ...singleVotesOf(items),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(macro.length > 0 && { macro: [...macro] }),
  }
}

function tableOf(items: readonly AnsweredItem[]): JudgeTable {
  const count = (label: string, judged: string | undefined): number =>
    items.filter((item) => item.label === label && item.judged === judged).length
  return {
    truePositive: count('pass', 'pass'),
    falsePositive: count('fail', 'pass'),
    trueNegative: count('fail', 'fail'),
    falseNegative: count('pass', 'fail'),
    unanswered: items.filter(({ judged }) => judged === undefined).length,
  }
}

function ratedAs<K extends 'sensitivity' | 'specificity'>(
  name: K,
  events: number,
  trials: number,
): Partial<Record<K, Rated>> {
  const interval = clopperPearson({ events, trials }, 0.025)
  if (interval === undefined) return {}
  const { lower: ciLower, upper: ciUpper } = interval
  const rated: Rated = { value: events / trials, of: trials, ciLower, ciUpper }
  return { [name]: rated } as Partial<Record<K, Rated>>
}

function beyondChance(table: JudgeTable): Pick<CriterionAgreement, 'ac1' | 'kappa'> {
  const { falseNegative, falsePositive, trueNegative, truePositive } = table
  const counts = [
    [truePositive, falseNegative],
    [falsePositive, trueNegative],
  ]
  const kappa = cohenKappa(counts)
  const ac1 = gwetAc1(counts)
  return {
    ...(kappa !== undefined && { kappa: agreementFacts(kappa) }),
    ...(ac1 !== undefined && { ac1: agreementFacts(ac1) }),
  }
}

function agreementFacts({ interval, standardError, value }: Agreement): BeyondChance {
  return {
    value,
    standardError,
    ...(interval !== undefined && { ciLower: interval.lower, ciUpper: interval.upper }),
  }
}

function shareRight(
  items: readonly AnsweredItem[],
  { fail, pass }: { readonly pass: number; readonly fail: number },
): Pick<CriterionAgreement, 'accuracy' | 'constant'> {
  if (items.length === 0) return {}
  const right = items.filter(({ judged, label }) => judged === label).length
  const says = pass >= fail ? 'pass' : 'fail'
  return {
    accuracy: right / items.length,
    constant: { says, accuracy: Math.max(pass, fail) / items.length },
  }
}

/** One vote alone has no majority to stand against. */
function singleVotesOf(items: readonly AnsweredItem[]): Pick<CriterionAgreement, 'singleVotes'> {
  const several = items.filter(({ cast, majority }) => majority !== undefined && cast.length > 1)
  const cast = several.reduce((sum, one) => sum + one.cast.length, 0)
  if (cast === 0) return {}
  const against = several.flatMap((one) => one.cast.filter((vote) => vote !== one.majority))
  return { singleVotes: { cast, againstMajority: against.length } }
}

const shortfallWords: Readonly<
  Record<JudgeShortfall, (labels: JudgeLabels, youden: number | undefined) => string>
> = {
  'few-human-passes': ({ humanPass }) => `${humanPass} of 50 labels of passes`,
  'few-human-fails': ({ humanFail }) => `${humanFail} of 50 labels of fails`,
  'weak-agreement': (_, youden) => `J is ${(youden ?? 0).toFixed(2)} and has to be 0.50`,
}
