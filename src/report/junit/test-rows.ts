import type { Verdict } from '../../schema/verdict.ts'
import { reportedCases } from '../cases/reported-cases.ts'
import type { ReportedCase, ReportInput } from '../reporter.ts'

/** One case as a test: its trials in sums. */
export interface TestRow {
  readonly id: string
  readonly scored: number
  readonly passed: number
  readonly lost: number
  /** Why it does not gate. */
  readonly idle?: NonNullable<Verdict['cases']['idle']>[number]['why']
  /** Absent where the document knows the case by its sums only. */
  readonly stats?: ReportedCase
}

/**
 * Every case once, sorted by id: a history of tests is joined by their names. Of a holdout none.
 *
 * A comparison whose cases are not known beside it has the ones that moved, that a fact names, or that
 * ran without gating.
 */
export function testRows(input: ReportInput): readonly TestRow[] {
  const { deciding, idle } = reportedCases(input)
  const { verdict } = input.result
  const rows = [
    ...deciding.map((one) => ofCase(one)),
    ...idle.map((one) => ofCase(one, one.status ?? 'dev')),
    ...(verdict === undefined || verdict.split === 'holdout' ? [] : rowsOfVerdict(verdict)),
  ]
  const byId = new Map<string, TestRow>()
  for (const row of rows) if (!byId.has(row.id)) byId.set(row.id, row)
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function ofCase(stats: ReportedCase, idle?: TestRow['idle']): TestRow {
  const { id, incomplete, invalid, passed, scored } = stats
  const lost = invalid + incomplete
  return { id, scored, passed, lost, stats, ...(idle !== undefined && { idle }) }
}

function rowsOfVerdict({ cases, facts }: Verdict): readonly TestRow[] {
  return [
    ...cases.moved.map(({ candidatePassed: passed, candidateScored: scored, id }) => {
      return { id, passed, scored, lost: 0 }
    }),
    ...(cases.idle ?? []).map(({ id, passed, scored, why }) => {
      return { id, passed, scored, lost: 0, idle: why }
    }),
    ...facts.flatMap((fact) => fact.cases.map((id) => ({ id, passed: 0, scored: 0, lost: 0 }))),
  ]
}
