import type { Leaf } from '../leaves.ts'
import type { RecordIndex } from '../record-index.ts'
import type { Temptation } from './other-values.ts'

/**
 * The ids of other records of the collection that an argument names one of, the most alike first:
 * numbers for a number. Empty where it names no record.
 */
export function otherRecords(
  { value }: Pick<Leaf, 'value'>,
  records: RecordIndex,
): readonly (string | number)[] {
  if (typeof value === 'string') return records.othersLike(value)
  if (typeof value !== 'number') return []
  return records
    .othersLike(String(value))
    .map(Number)
    .filter((id) => !Number.isNaN(id))
}

/** The most alike, the one after it, and those that an unanchored pattern takes for it. */
export function recordTemptations(leaf: Leaf, records: RecordIndex): readonly Temptation[] {
  const others = otherRecords(leaf, records)
  const own = String(leaf.value)
  const mistakable = others.filter((id) => String(id).includes(own) || own.includes(String(id)))
  const [first, ...rest] = mistakable
  return [others, others.slice(1), first === undefined ? [] : [first], rest]
}
