import { points, ratio } from '../format.ts'

/** One measured number of a run, as text. */
export interface Measured {
  readonly label: string
  readonly value: string
  /** What it is counted over. */
  readonly of: string
  readonly range: string
  /** The baseline's, where it is known of the same cases, and how far it is from there to here. */
  readonly was?: string
  readonly change?: string
  /** Where only a part of the cases was compared: both numbers of that part, in words. */
  readonly compared?: string
}

/** A number of a run, and what both arms came to on the cases that they share. */
interface Quantity {
  readonly label: string
  readonly value: number | undefined
  readonly before: number | undefined
  readonly now: number | undefined
  /** A share changes in points, an amount by a ratio. */
  readonly kind: 'share' | 'amount'
  readonly format: (value: number | undefined) => string
  readonly of?: string
  readonly range?: string
}

/**
 * A row of a table of numbers. The baseline stands beside a number only where that number is the one
 * that was compared.
 */
export function measuredRow(quantity: Quantity): Measured {
  const { format, label, of = '', range = '', value } = quantity
  return { label, value: format(value), of, range, ...besideOf(quantity) }
}

function besideOf({
  before,
  format,
  kind,
  now,
  value,
}: Quantity): Pick<Measured, 'was' | 'change' | 'compared'> {
  if (before === undefined || now === undefined) return {}
  const was = format(before)
  if (format(now) !== format(value))
    return { compared: `where compared ${format(now)}, was ${was}` }
  return { was, ...changeOf(before, now, kind) }
}

function changeOf(before: number, now: number, kind: Quantity['kind']): Pick<Measured, 'change'> {
  if (kind === 'share') return { change: points(now - before) }
  // Of nothing there is no ratio.
  return before === 0 ? {} : { change: ratio(now / before) }
}

/** `(was 88.0 %)`, to stand behind the number; empty where nothing is known of a baseline. */
export function wasInBrackets({ compared, was }: Measured): string {
  if (was !== undefined) return ` (was ${was})`
  return compared === undefined ? '' : ` (${compared})`
}

/** The same in a list of sentences: `, was 88.0 %`. */
export function wasWords({ compared, was }: Measured): string {
  if (was !== undefined) return `, was ${was}`
  return compared === undefined ? '' : `; ${compared}`
}
