/** Cycles longer than this are not looked for: an agent that long in a circle hits a budget. */
const longestCycle = 4

/** Sees whether an agent goes in circles. */
export interface LoopWatch {
  /**
   * @param step - one text for a call and its answer, also where a control blocked it
   * @param round - calls that were proposed together share a number
   * @returns whether the agent is in a loop
   */
  readonly note: (step: string, round: number) => boolean
}

/** Calls that were proposed together. */
interface Round {
  readonly number: number
  readonly steps: string[]
}

/**
 * Watches one trial. Besides single steps it compares whole rounds, in which order does not count:
 * whoever asks for the same ten things side by side is in a cycle longer than any of single steps.
 *
 * @param repeats - how often in a row makes a loop; at least 2
 */
export function watchForLoops(repeats: number): LoopWatch {
  const steps: string[] = []
  const rounds: Round[] = []
  return {
    note(step, round) {
      steps.push(step)
      const latest = rounds.at(-1)
      if (latest?.number === round) latest.steps.push(step)
      else rounds.push({ number: round, steps: [step] })
      return endsInLoop(steps, repeats) || endsInLoop(rounds, repeats, areEqual)
    },
  }
}

/**
 * Whether the end of a history goes in circles: the same step, or a cycle of up to four steps,
 * `repeats` times in a row. A step is a call together with its answer, so that polling which
 * sees something new is no loop.
 *
 * @param history - one entry per step, oldest first
 * @param repeats - how often in a row makes a loop; at least 2
 */
export function endsInLoop<T>(
  history: readonly T[],
  repeats: number,
  same: (a: T, b: T) => boolean = (a, b) => a === b,
): boolean {
  for (let length = 1; length <= longestCycle; length++) {
    if (history.length >= length * repeats && cycles(history, { length, repeats, same }))
      return true
  }
  return false
}

interface Cycle<T> {
  readonly length: number
  readonly repeats: number
  readonly same: (a: T, b: T) => boolean
}

function cycles<T>(history: readonly T[], { length, repeats, same }: Cycle<T>): boolean {
  const end = history.length
  for (let back = length + 1; back <= length * repeats; back++) {
    const earlier = history[end - back] as T
    if (!same(earlier, history[end - back + length] as T)) return false
  }
  return true
}

/** The number of steps is compared first: a round under way is seldom as long as the one before. */
function areEqual(a: Round, b: Round): boolean {
  if (a.steps.length !== b.steps.length) return false
  const sorted = b.steps.toSorted()
  return a.steps.toSorted().every((step, index) => step === sorted[index])
}
