/**
 * Remembers what a pure function gave for a text, for at most `limit` texts.
 *
 * When full, the text that came first is forgotten: eval sets have far fewer than any limit
 * used here, so the order only matters to someone who floods it.
 */
export function memoize<T>(limit: number, compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const computed = compute(text)
    if (known.size >= limit) forgetFirst(known)
    known.set(text, computed)
    return computed
  }
}

function forgetFirst(known: Map<string, unknown>): void {
  for (const text of known.keys()) {
    known.delete(text)
    return
  }
}
