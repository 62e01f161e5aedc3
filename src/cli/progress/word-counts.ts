import { type CaseWord, caseWords } from './case-tally.ts'

/** How many cases came to what. */
export function wordCounts(): {
  readonly add: (word: CaseWord) => void
  readonly total: () => number
  /** Worst first: `2 FAIL, 1 lost, 37 ok`. */
  readonly inWords: () => string
} {
  const counts = new Map<CaseWord, number>()
  return {
    add: (word) => counts.set(word, (counts.get(word) ?? 0) + 1),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    inWords: () =>
      caseWords
        .flatMap((word) => (counts.has(word) ? `${counts.get(word) ?? 0} ${word}` : []))
        .join(', '),
  }
}
