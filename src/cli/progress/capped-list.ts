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
    tell({ text, word }) {
      if (told >= most) {
        untold.add(word)
        return
      }
      told += 1
      say(text)
    },
    end() {
      if (untold.total() > 0) say(`and ${untold.inWords()} that are not listed here`)
    },
  }
}
