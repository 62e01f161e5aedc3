import type { JudgeTable } from '../schema/judge.ts'
import type { JudgeLabels } from './judge-accuracy.ts'

/** Labels that show something of a judge: what it left unanswered shows nothing either way, and counts as none. */
export function labelsOfTable(table: JudgeTable): JudgeLabels {
  const { falseNegative, falsePositive, trueNegative, truePositive } = table
  return {
    humanPass: truePositive + falseNegative,
    humanPassAgreed: truePositive,
    humanFail: trueNegative + falsePositive,
    humanFailAgreed: trueNegative,
  }
}
