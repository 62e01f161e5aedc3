import { caseWords, type FinishedCase } from './case-tally.ts'

const asThere = 'not ok as in the baseline'
const worse = 'worse than in the baseline'
const beside = 'without controls'

/** Worst first. */
const labels: readonly string[] = [worse, ...caseWords.slice(0, -2), asThere, 'part', beside, 'ok']

/** How many cases came to what; of those that can be compared, how many did no worse than before. */
export function wordCounts(): {
  readonly add: (ended: FinishedCase) => void
  readonly total: () => number
  /** `13 worse than in the baseline, 1 lost, 49 not ok as in the baseline, 365 ok`. */
  readonly inWords: () => string
} {
  const counts = new Map<string, number>()
  return {
    add(ended) {
      const label = labelOf(ended)
      counts.set(label, (counts.get(label) ?? 0) + 1)
    },
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    inWords: () =>
      labels
        .flatMap((label) => (counts.has(label) ? `${counts.get(label) ?? 0} ${label}` : []))
        .join(', '),
  }
}

function labelOf({ standing, word }: FinishedCase): string {
  if (standing === 'beside') return beside
  if (word === 'ok' || word === 'lost') return word
  if (standing === 'worse') return worse
  return standing === 'alike' && word !== 'part' ? asThere : word
}
