import { krippendorffNominal } from '../metrics/krippendorff.ts'
import type { JudgeLabel } from '../schema/judge.ts'

/** A transcript, a criterion, and what people came to. */
export interface LabelledItem {
  readonly criterion: string
  readonly transcriptHash: string
  /** What more than half of its authors said; `undecided` where there is no such half. */
  readonly label: 'pass' | 'fail' | 'undecided'
  readonly group?: string
}

/** Labels of one criterion, each item once. */
export interface SettledLabels {
  readonly criterion: string
  /** Sorted by transcript. */
  readonly items: readonly LabelledItem[]
  readonly authors: number
  /** Items that more than one person labelled. */
  readonly shared: number
  /**
   * Krippendorff's alpha between the authors; absent where no item has two, or all labels are the same:
   * then nothing tells agreement from chance.
   */
  readonly alpha?: number
}

type Labelled = Pick<JudgeLabel, 'author' | 'criterion' | 'group' | 'label' | 'transcriptHash'>

interface Item {
  readonly transcriptHash: string
  group: string | undefined
  /** By author. A person who labels again has thought again: the later label counts. */
  readonly labels: Map<string, 'pass' | 'fail'>
}

/** Settles labels by several people, one criterion after the other, sorted by criterion. */
export function settleLabels(labels: readonly Labelled[]): readonly SettledLabels[] {
  const criteria = new Map<string, Map<string, Item>>()
  for (const { author, criterion, group, label, transcriptHash } of labels) {
    const items = criteria.get(criterion) ?? new Map<string, Item>()
    criteria.set(criterion, items)
    const item = items.get(transcriptHash) ?? { transcriptHash, group, labels: new Map() }
    items.set(transcriptHash, item)
    item.group ??= group
    item.labels.set(author.trim().toLowerCase(), label)
  }
  return [...criteria]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([criterion, items]) => settleCriterion(criterion, [...items.values()]))
}

function settleCriterion(criterion: string, items: readonly Item[]): SettledLabels {
  const authors = [...new Set(items.flatMap(({ labels }) => [...labels.keys()]))].sort()
  const ratings = items.map(({ labels }) => authors.map((author) => labels.get(author)))
  const alpha = krippendorffNominal(ratings)
  return {
    criterion,
    items: items
      .toSorted((a, b) => (a.transcriptHash < b.transcriptHash ? -1 : 1))
      .map(({ group, labels, transcriptHash }) => ({
        criterion,
        transcriptHash,
        label: majorityOf([...labels.values()]),
        ...(group !== undefined && { group }),
      })),
    authors: authors.length,
    shared: items.filter(({ labels }) => labels.size > 1).length,
    ...(alpha !== undefined && { alpha }),
  }
}

function majorityOf(labels: readonly ('pass' | 'fail')[]): LabelledItem['label'] {
  const passes = labels.filter((label) => label === 'pass').length
  if (passes * 2 === labels.length) return 'undecided'
  return passes * 2 > labels.length ? 'pass' : 'fail'
}
