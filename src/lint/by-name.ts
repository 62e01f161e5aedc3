/** Entries sorted by their names, character by character: a file's order of keys means nothing. */
export function entriesByName<Value>(
  object: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(object).sort(([one], [other]) => compareNames(one, other))
}

/** The same order everywhere, whatever the language of the machine. */
export function compareNames(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
