import type { PageCase } from '../schema/page-data.ts'

export type SortColumn = 'id' | 'layer' | 'candidate' | 'baseline' | 'change' | 'cost' | 'latency'

/** By which column the table stands; without one it stands as the page's data lists it. */
export interface CaseOrder {
  readonly column: SortColumn
  readonly descending: boolean
}

/** Columns in which the small values are what one looks for first. */
const ascendingFirst = new Set<SortColumn>(['id', 'layer', 'candidate', 'baseline', 'change'])

/** What another press on a column's head asks for: its first direction, the other one, the usual order. */
export function nextOrder(order: CaseOrder | undefined, column: SortColumn): CaseOrder | undefined {
  const first = !ascendingFirst.has(column)
  if (order?.column !== column) return { column, descending: first }
  return order.descending === first ? { column, descending: !first } : undefined
}

/**
 * Orders the cases; those without a value come last either way, and equal ones stay as they stood.
 */
export function sortCases<Row extends { readonly row: PageCase }>(
  cases: readonly Row[],
  order: CaseOrder | undefined,
): readonly Row[] {
  if (order === undefined) return cases
  const value = values[order.column]
  const sign = order.descending ? -1 : 1
  return cases.toSorted((a, b) => {
    const [x, y] = [value(a.row), value(b.row)]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    return sign * compare(x, y)
  })
}

const values: Readonly<Record<SortColumn, (row: PageCase) => string | number | undefined>> = {
  id: ({ id }) => id,
  layer: ({ layer }) => layer,
  candidate: ({ candidate }) => passed(candidate),
  baseline: ({ baseline }) => passed(baseline),
  change: ({ baseline, candidate }) => {
    const [now, before] = [passed(candidate), passed(baseline)]
    return now === undefined || before === undefined ? undefined : now - before
  },
  cost: ({ costUsd }) => costUsd,
  latency: ({ latencyMs }) => latencyMs,
}

function passed(counts: PageCase['baseline']): number | undefined {
  return counts === undefined || counts.scored === 0 ? undefined : counts.passed / counts.scored
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
