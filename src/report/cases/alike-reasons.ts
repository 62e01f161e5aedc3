/** Longest beginning of a reason that is compared, in UTF-16 units: some quote calls with all arguments. */
const maxCompared = 400

/**
 * A reason without what differs from case to case, so that many cases with the same trouble are seen as
 * one: arguments, quotes and what looks like a number or an id become an ellipsis.
 *
 * Names of rules and tools stay, also those with a digit: `approvals.tier-3` is not `approvals.tier-4`.
 */
export function shapeOfReason(reason: string): string {
  return reason
    .slice(0, maxCompared)
    .replace(/\([^()]*\)/g, '(…)')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/[\w.-]+/g, (word) => (isVarying(word) ? '…' : word))
}

/** `28`, `31.2`, `O-9703`, `C-22`. */
function isVarying(word: string): boolean {
  return /^[A-Za-z]{0,3}-?\d[\d.-]*$/.test(word)
}

interface Alike<T> {
  /** The reason, where all have the same one; else what they have in common. */
  readonly reason: string
  readonly items: readonly T[]
}

/** Puts those with the same trouble together, in the order in which each trouble comes first. */
export function groupAlike<T>(
  items: readonly T[],
  reasonOf: (item: T) => string,
): readonly Alike<T>[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const shape = shapeOfReason(reasonOf(item))
    const known = groups.get(shape)
    if (known === undefined) groups.set(shape, [item])
    else known.push(item)
  }
  return [...groups].map(([shape, alike]) => {
    const reasons = new Set(alike.map(reasonOf))
    const [only = shape] = reasons
    return { reason: reasons.size === 1 ? only : shape, items: alike }
  })
}
