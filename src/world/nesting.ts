/**
 * Whether a value has lists or objects within each other at more than `depth` levels.
 *
 * One that contains itself has; the search never goes deeper than `depth`.
 */
export function nestsDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  return Object.values(value).some((member) => nestsDeeperThan(member, depth - 1))
}
