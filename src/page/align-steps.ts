/** What stands in one line of two trials side by side: positions in their lists of steps. */
export interface StepPair {
  readonly left?: number
  readonly right?: number
  /** In both trials the same happened. */
  readonly same: boolean
}

/** From here on only the beginnings and ends are compared: the table would take too much memory. */
const mostCells = 10_000_000

/**
 * Two lists of steps, one beside the other: as many equal ones as possible in one line each (a longest
 * common subsequence), in between what only one of them has, or the two have instead of each other.
 *
 * @param left - what is compared of each step: equal where the same happened
 */
export function alignSteps(left: readonly string[], right: readonly string[]): readonly StepPair[] {
  const start = commonStart(left, right)
  const end = commonEnd(left.slice(start), right.slice(start))
  const [leftEnd, rightEnd] = [left.length - end, right.length - end]
  const middle = commonSteps(left.slice(start, leftEnd), right.slice(start, rightEnd))
  const equal = [
    ...range(start).map((at): Match => [at, at]),
    ...middle.map(([a, b]): Match => [a + start, b + start]),
    ...range(end).map((at): Match => [leftEnd + at, rightEnd + at]),
  ]
  return withGaps(equal, [left.length, right.length])
}

/** Where two trials part for the first time; `undefined` where they are the same throughout. */
export function firstDifference(pairs: readonly StepPair[]): number | undefined {
  const at = pairs.findIndex(({ same }) => !same)
  return at === -1 ? undefined : at
}

type Match = readonly [number, number]

function commonStart(left: readonly string[], right: readonly string[]): number {
  const most = Math.min(left.length, right.length)
  let at = 0
  while (at < most && left[at] === right[at]) at += 1
  return at
}

function commonEnd(left: readonly string[], right: readonly string[]): number {
  return commonStart(left.toReversed(), right.toReversed())
}

function commonSteps(left: readonly string[], right: readonly string[]): readonly Match[] {
  if (left.length * right.length > mostCells) return []
  const width = right.length + 1
  const lengths = commonLengths(left, right)
  const matches: Match[] = []
  let [a, b] = [0, 0]
  while (a < left.length && b < right.length) {
    const skipLeft = lengths[(a + 1) * width + b] ?? 0
    const skipRight = lengths[a * width + b + 1] ?? 0
    if (left[a] === right[b]) {
      matches.push([a, b])
      a += 1
      b += 1
    } else if (skipLeft >= skipRight) a += 1
    else b += 1
  }
  return matches
}

/** Length of the longest common rest from each pair of positions on, as a table by rows. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array {
  const width = right.length + 1
  const lengths = new Uint32Array((left.length + 1) * width)
  for (let a = left.length - 1; a >= 0; a -= 1) {
    for (let b = right.length - 1; b >= 0; b -= 1) {
      const at = a * width + b
      lengths[at] =
        left[a] === right[b]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0)
    }
  }
  return lengths
}

function withGaps(equal: readonly Match[], [leftCount, rightCount]: Match): readonly StepPair[] {
  const pairs: StepPair[] = []
  let [a, b] = [0, 0]
  for (const [left, right] of [...equal, [leftCount, rightCount] as const]) {
    pairs.push(...unequal([a, left], [b, right]))
    if (left < leftCount) pairs.push({ left, right, same: true })
    a = left + 1
    b = right + 1
  }
  return pairs
}

function unequal([leftFrom, leftTo]: Match, [rightFrom, rightTo]: Match): readonly StepPair[] {
  const lines = Math.max(leftTo - leftFrom, rightTo - rightFrom)
  return range(lines).map((at) => ({
    ...(leftFrom + at < leftTo && { left: leftFrom + at }),
    ...(rightFrom + at < rightTo && { right: rightFrom + at }),
    same: false,
  }))
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index)
}
