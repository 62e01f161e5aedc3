import { byStanding } from '../../schema/deciding-cases.ts'
import type { ReportedCase, ReportInput } from '../reporter.ts'

/** The cases that a format may name one by one. */
interface ReportedCases {
  readonly deciding: readonly ReportedCase[]
  /** What ran beside them and does not gate. */
  readonly idle: readonly ReportedCase[]
}

/** The candidate's cases, from the document or from what is known beside it; of a holdout none. */
export function reportedCases({ context, result }: ReportInput): ReportedCases {
  const all = result.kind === 'RunResult' ? result.cases : (context.cases ?? [])
  const { deciding, idle, split } = byStanding<ReportedCase>(all)
  const isSealed = split === 'holdout' || result.verdict?.split === 'holdout'
  return isSealed ? { deciding: [], idle: [] } : { deciding, idle }
}
