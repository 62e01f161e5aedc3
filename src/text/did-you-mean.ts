/** Longer names are never compared: they are not typing mistakes, and the table is quadratic. */
const maxNameLength = 100

/**
 * The name that was probably meant, for "did you mean …?".
 *
 * The closest candidate, ignoring case, by Damerau-Levenshtein distance (optimal string
 * alignment: a swap of neighbours is one mistake). At most 3 mistakes, and at most one
 * in every three characters, so that `id` suggests nothing and `isue_refund` does.
 *
 * @returns the first of equally close candidates, or `undefined` when none is close
 */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  if (wanted.length > maxNameLength) return undefined

  let best: string | undefined
  let bestDistance = Math.min(3, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance >= bestDistance) continue
    best = candidate
    bestDistance = distance
  }
  return best
}

function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substituted = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const swapped = isSwap(a, b, { row, column }) ? at(beforeLast, column - 2) + 1 : Infinity
      current.push(
        Math.min(at(last, column) + 1, at(current, column - 1) + 1, substituted, swapped),
      )
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function isSwap(a: string, b: string, end: { row: number; column: number }): boolean {
  const { row, column } = end
  if (row < 2 || column < 2) return false
  return a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
}

function at(distances: readonly number[], column: number): number {
  return distances[column] ?? Infinity
}
