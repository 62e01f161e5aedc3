import type { CaseStats } from '../schema/case-stats.ts'
import type { Verdict } from '../schema/verdict.ts'

type Named = Pick<CaseStats, 'id' | 'definitionHash' | 'twinOf'>

/**
 * A name for each case that says nothing about it, in the order of their definition hashes:
 * `holdout-0001`. A benign twin is named after its case.
 */
export function neutralNames(
  cases: readonly Named[],
  prefix = 'holdout',
): ReadonlyMap<string, string> {
  const own = cases.filter((one) => one.twinOf === undefined).toSorted(byHash)
  const names = new Map(
    own.map((one, index) => [one.id, `${prefix}-${String(index + 1).padStart(4, '0')}`]),
  )
  for (const { id, twinOf } of cases) {
    if (twinOf !== undefined) names.set(id, `${names.get(twinOf) ?? prefix}~twin`)
  }
  return names
}

function byHash(a: Named, b: Named): number {
  if (a.definitionHash !== b.definitionHash) return a.definitionHash < b.definitionHash ? -1 : 1
  return a.id < b.id ? -1 : 1
}

/**
 * The same verdict without anything that tells one holdout case from another: no id, no reason, no
 * tool path, no case that moved. A case that was looked at is no holdout any more.
 *
 * @param arms.candidate - its cases are named as in its result
 */
export function sealVerdict(
  verdict: Verdict,
  arms: { readonly candidate: readonly Named[]; readonly baseline: readonly Named[] },
): Verdict {
  const names = new Map([
    ...neutralNames(arms.baseline, 'holdout-removed'),
    ...neutralNames(arms.candidate),
  ])
  const nameOf = (id: string): string => names.get(id) ?? 'holdout'
  const sealed = (ids: readonly string[]): string[] => ids.map(nameOf).sort()
  const { added, changed, idle, removed, suspended } = verdict.cases
  const { slices } = verdict
  const open = { ...verdict }
  delete open.diagnostics
  return {
    ...open,
    // A watched slice may be as small as two cases; those that gate are named in the rules anyhow.
    ...(slices !== undefined && { slices: slices.filter(({ status }) => status !== 'watch') }),
    facts: verdict.facts.map((fact) => ({ ...fact, cases: [] })),
    cases: {
      moved: [],
      added: sealed(added),
      removed: sealed(removed),
      changed: sealed(changed),
      ...(suspended !== undefined && { suspended: sealed(suspended) }),
      ...(idle !== undefined && { idle: idle.map((one) => ({ ...one, id: nameOf(one.id) })) }),
    },
  }
}
