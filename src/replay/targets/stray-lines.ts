import { truncate } from '../../text/truncate.ts'

const shownStray = 100

/** Lines of a program that are no message of ours: how many, and how they begin. */
export interface StrayLines {
  readonly note: (line: string) => void
  /** In words; `undefined` where there are none. */
  readonly describe: () => string | undefined
}

export function strayLines(): StrayLines {
  let count = 0
  let first = ''
  return {
    note(line) {
      count += 1
      if (count === 1) first = truncate(line, shownStray)
    },
    describe() {
      if (count === 0) return undefined
      const lines = count === 1 ? 'line that is' : 'lines that are'
      return `it printed ${count} ${lines} no message, the first: "${first}"`
    },
  }
}
