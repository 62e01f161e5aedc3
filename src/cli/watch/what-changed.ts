/** All that a run of one eval set is made of, as hashes. */
export interface SetMaterial {
  /** Absolute. */
  readonly folder: string
  /** Of the agent and of whatever else concerns every case. */
  readonly common: string
  /** Of everything in the eval set. */
  readonly whole: string
  /** What each case that is selected means, by id: itself, its world, the rules that it is judged by. */
  readonly definitions: ReadonlyMap<string, string>
}

/** What of an eval set is to be run again. */
export interface Change {
  readonly folder: string
  /** Absent: everything. */
  readonly cases?: readonly string[]
}

/**
 * What is another one than it was. Where only cases are, only these: they are no measurement of the
 * agent, but the quickest way to see whether they are right now.
 */
export function whatChanged(
  before: readonly SetMaterial[],
  now: readonly SetMaterial[],
): readonly Change[] {
  const known = new Map(before.map((one) => [one.folder, one]))
  return now.flatMap((one) => changeOf(known.get(one.folder), one) ?? [])
}

function changeOf(before: SetMaterial | undefined, now: SetMaterial): Change | undefined {
  const { definitions, folder } = now
  if (before?.common !== now.common) return { folder }
  const cases = [...definitions].flatMap(([id, hash]) =>
    before.definitions.get(id) === hash ? [] : [id],
  )
  if (cases.length > 0) return cases.length === definitions.size ? { folder } : { folder, cases }
  return before.whole === now.whole ? undefined : { folder }
}
