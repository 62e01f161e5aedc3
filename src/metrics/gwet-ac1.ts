import {
  type Agreement,
  type AgreementTable,
  agreement,
  agreementShares,
  cellStandardError,
} from './agreement-table.ts'
import { tQuantile } from './distributions.ts'

/**
 * How well two raters agree beyond chance when one label may be rare.
 *
 * Chance is what raters give who are unsure of few items: it stays small when one label dominates,
 * which is where kappa collapses. Interval by Student's t with items − 1 degrees of freedom.
 *
 * @param table - at least two labels; labels that nobody gave count, they make chance agreement
 *   less likely
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no items or fewer than two labels; without an interval for one item
 * @see Gwet 2008, British Journal of Mathematical and Statistical Psychology 61:29–48
 */
export function gwetAc1(table: AgreementTable, alpha = 0.025): Agreement | undefined {
  const shares = agreementShares(table)
  if (shares === undefined || shares.labels < 2) return undefined
  const { rows, columns, disagreement, items, labels } = shares
  const meanShare = (label: number): number => ((rows[label] ?? 0) + (columns[label] ?? 0)) / 2
  const byChance = rows.reduce(
    (sum, _, label) => sum + (meanShare(label) * (1 - meanShare(label))) / (labels - 1),
    0,
  )
  const doubt = disagreement / (1 - byChance)
  // Gwet's variance is that of one number per item, its influence on AC1.
  const standardError = cellStandardError(
    shares,
    ({ row, column }) =>
      (row === column ? 1 : 0) -
      (2 * doubt * (1 - (meanShare(row) + meanShare(column)) / 2)) / (labels - 1),
    1 - disagreement - 2 * doubt * byChance,
  )
  const reach = items > 1 ? tQuantile(1 - alpha, items - 1) : 0
  return agreement(1 - doubt, standardError / (1 - byChance), reach)
}
