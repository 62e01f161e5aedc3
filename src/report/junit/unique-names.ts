/**
 * Gives equal names a number: `a`, `a (2)`. Of tests with the same name hosts show the first only, and
 * two names may be the same once what has no ink is taken out of them.
 */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set(names)
  const seen = new Set<string>()
  const numbers = new Map<string, number>()
  return names.map((name) => {
    const unique = seen.has(name) ? numbered(name, taken, numbers) : name
    seen.add(name)
    taken.add(unique)
    return unique
  })
}

/** @param numbers - the last that each name got: without it many equal names take quadratic time */
function numbered(name: string, taken: ReadonlySet<string>, numbers: Map<string, number>): string {
  let number = (numbers.get(name) ?? 1) + 1
  while (taken.has(`${name} (${number})`)) number += 1
  numbers.set(name, number)
  return `${name} (${number})`
}
