import type { FinishedCase } from './case-tally.ts'
import { wordCounts } from './word-counts.ts'

/**
 * Says cases one by one, up to `most`; the others are counted, and `end` says how many they are.
 */
export function cappedList(
  say: (text: string) => void,
  most: number,
): { readonly tell: (ended: FinishedCase) => void; readonly end: () => void } {
  const untold = wordCounts()
  let told = 0
  return {
    tell(ended) {
      if (told >= most) {
        untold.add(ended)
        return
      }
      told += 1
      say(ended.text)
    },
    end() {
      if (untold.total() > 0) say(`and ${untold.inWords()}: not listed here`)
    },
  }
}

/**
 * Whether somebody who looks on has to see a case by its name: nothing of it is known, it did worse than
 * in the baseline, or there is no baseline of it and it did not go well.
 */
export function isNews({ standing, word }: FinishedCase): boolean {
  if (standing === 'beside' || word === 'ok') return false
  return word === 'lost' || standing !== 'alike'
}
