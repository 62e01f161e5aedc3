import {
  type Agreement,
  type AgreementTable,
  agreement,
  agreementShares,
  cellStandardError,
} from './agreement-table.ts'
import { normalQuantile } from './distributions.ts'

/**
 * How well two raters agree beyond chance, chance being what their own label frequencies give.
 *
 * Falls towards 0 when one label is rare, however often the raters agree: print the table and AC1
 * with it. Asymptotic standard error, normal interval.
 *
 * @param table - any number of labels ≥ 1
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no items, and when both raters gave one and the same label only: then
 *   nothing tells agreement from chance
 * @see Cohen 1960, Educational and Psychological Measurement 20:37–46
 * @see Fleiss, Cohen, Everitt 1969, Psychological Bulletin 72:323–327 (standard error)
 */
export function cohenKappa(table: AgreementTable, alpha = 0.025): Agreement | undefined {
  const shares = agreementShares(table)
  if (shares === undefined) return undefined
  const { rows, columns, disagreement } = shares
  const byChance = chanceDisagreement(rows, columns)
  if (byChance === 0) return undefined
  // The paper's variance is that of one number per item, its influence on kappa; as squares around
  // their mean it cannot come out below 0.
  const standardError = cellStandardError(
    shares,
    ({ row, column }) =>
      (row === column ? byChance : 0) - disagreement * ((columns[row] ?? 0) + (rows[column] ?? 0)),
    byChance - 2 * disagreement + disagreement * byChance,
  )
  return agreement(
    1 - disagreement / byChance,
    standardError / byChance ** 2,
    normalQuantile(1 - alpha),
  )
}

/** Chance of two different labels; adds what differs, because 1 − agreement would lose digits. */
function chanceDisagreement(rows: readonly number[], columns: readonly number[]): number {
  let sum = 0
  for (const [row, ofRow] of rows.entries()) {
    for (const [column, ofColumn] of columns.entries()) {
      if (row !== column) sum += ofRow * ofColumn
    }
  }
  return sum
}
