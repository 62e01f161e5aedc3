import { criterionHash } from '../graders/judge/criterion-hash.ts'
import type { JudgedCriterion, JudgeYardstick } from '../graders/judge/yardstick.ts'
import type { JudgeLabels } from '../metrics/judge-accuracy.ts'
import { type JudgeShortfall, judgeStanding } from '../metrics/judge-standing.ts'
import { labelsOfTable } from '../metrics/labels-of-table.ts'
import type { Criterion, JudgeCalibration, JudgeSettings, Rubric } from '../schema/judge.ts'

/**
 * What a judge's grades are made by: its criteria, each with what the judge has earned on it.
 *
 * A calibration is in force for a criterion while it is of this judge, this number of votes and this
 * very wording, and while the judge agreed with people often enough on enough labels.
 */
export function judgeYardstick(
  settings: Pick<JudgeSettings, 'model' | 'votes'>,
  rubric: Rubric,
  calibration: JudgeCalibration | undefined,
): JudgeYardstick {
  const criteria = rubric.criteria.map((criterion): JudgedCriterion => {
    const hash = criterionHash(criterion)
    const why = whyUncalibrated({ ...criterion, hash }, settings, calibration)
    return why === undefined
      ? { ...criterion, hash, standing: 'calibrated' }
      : { ...criterion, hash, standing: 'uncalibrated', why }
  })
  const { model, votes } = settings
  return { model, votes, criteria: new Map(criteria.map((one) => [one.id, one])) }
}

function whyUncalibrated(
  { hash }: Criterion & { readonly hash: string },
  { model, votes }: Pick<JudgeSettings, 'model' | 'votes'>,
  calibration: JudgeCalibration | undefined,
): string | undefined {
  if (calibration === undefined) return 'it was never calibrated'
  if (calibration.judge !== model) return 'the calibration is of another judge'
  if (calibration.votes !== votes) return 'the calibration is of another number of votes'
  const entry = calibration.criteria.find(({ criterionHash: of }) => of === hash)
  if (entry === undefined) return 'the calibration is of another wording'
  const labels = labelsOfTable(entry.table)
  const { accuracy, shortfalls } = judgeStanding(labels)
  const [first] = shortfalls
  return first === undefined ? undefined : shortfallWords[first](labels, accuracy?.youden)
}

const shortfallWords: Readonly<
  Record<JudgeShortfall, (labels: JudgeLabels, youden: number | undefined) => string>
> = {
  'few-human-passes': ({ humanPass }) => `${humanPass} of 50 labels that people passed`,
  'few-human-fails': ({ humanFail }) => `${humanFail} of 50 labels that people failed`,
  'weak-agreement': (_, youden) =>
    `it agrees too little with people: J ${(youden ?? 0).toFixed(2)}, it takes 0.50`,
}
