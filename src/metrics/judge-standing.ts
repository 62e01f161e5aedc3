import { type JudgeAccuracy, type JudgeLabels, judgeAccuracy } from './judge-accuracy.ts'

/** Human labels that a judge needs of either kind before it may gate. */
const labelsNeeded = 50

/** Youden index that a judge needs before it may gate: above, it sees at least half of a change. */
const youdenNeeded = 0.5

/** What keeps a judge from gating. */
export type JudgeShortfall = 'few-human-passes' | 'few-human-fails' | 'weak-agreement'

/** Whether a judge may gate. */
export interface JudgeStanding {
  /** True exactly when there is no shortfall; else metrics of this judge cannot pass. */
  readonly mayGate: boolean
  readonly shortfalls: readonly JudgeShortfall[]
  /** Missing when humans passed none or failed none. */
  readonly accuracy?: JudgeAccuracy
}

/**
 * Decides whether a judge agrees with humans well enough, on enough labels, to gate.
 *
 * Both kinds of label are needed: a judge that passes everything looks perfect on passes alone.
 */
export function judgeStanding(labels: JudgeLabels): JudgeStanding {
  const accuracy = judgeAccuracy(labels)
  const shortfalls: JudgeShortfall[] = []
  if (labels.humanPass < labelsNeeded) shortfalls.push('few-human-passes')
  if (labels.humanFail < labelsNeeded) shortfalls.push('few-human-fails')
  if (accuracy !== undefined && accuracy.youden < youdenNeeded) shortfalls.push('weak-agreement')
  return {
    mayGate: shortfalls.length === 0,
    shortfalls,
    ...(accuracy !== undefined && { accuracy }),
  }
}
