import type { PageCase } from '../schema/page-data.ts'

/** What the reader asked for; an empty string asks for nothing. */
export interface CaseFilter {
  /** Words that must all occur, anywhere in the row. */
  readonly text: string
  readonly layer: string
  readonly slice: string
  readonly label: string
  readonly onlyMoved: boolean
}

export const noFilter: CaseFilter = { text: '', layer: '', slice: '', label: '', onlyMoved: false }

/** A case, and all its words in lower case: made once, so that a key stroke only searches. */
export interface IndexedCase {
  readonly row: PageCase
  readonly words: string
}

/** Prepares the cases for searching. */
export function indexCases(cases: readonly PageCase[]): readonly IndexedCase[] {
  return cases.map((row) => ({
    row,
    words: [
      row.id,
      row.title,
      row.layer,
      row.label,
      row.reason,
      row.place,
      row.moved,
      ...row.slices,
    ]
      .join('\n')
      .toLowerCase(),
  }))
}

/** The cases that a filter leaves, in the order they came in. */
export function filterCases(
  cases: readonly IndexedCase[],
  filter: CaseFilter,
): readonly IndexedCase[] {
  const { label, layer, onlyMoved, slice } = filter
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return cases.filter(
    ({ row, words: ofRow }) =>
      (!onlyMoved || row.moved !== undefined) &&
      (layer === '' || row.layer === layer) &&
      (label === '' || labelParts(row).includes(label)) &&
      (slice === '' || row.slices.includes(slice)) &&
      words.every((word) => ofRow.includes(word)),
  )
}

/** What there is to filter by. */
export function filterChoices(cases: readonly PageCase[]): {
  readonly layers: readonly string[]
  readonly slices: readonly string[]
  readonly labels: readonly string[]
} {
  return {
    layers: distinct(cases.map(({ layer }) => layer)),
    slices: distinct(cases.flatMap(({ slices }) => slices)),
    labels: distinct(cases.flatMap(labelParts)),
  }
}

/** A label says several things, some with counts: `FAIL; rule broken 5/5`. One filters by one of them. */
function labelParts({ label = '' }: PageCase): readonly string[] {
  return label.split('; ').map((part) => part.replace(/ \d+\/\d+$/, ''))
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter(Boolean).sort()
}
