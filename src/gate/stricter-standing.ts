import type { EvalCase } from '../schema/case.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import { ruleChange } from './rule-words.ts'

/** The cases of an eval set at one commit. */
export interface CasesAt {
  readonly cases: readonly EvalCase[]
  /** By case id. */
  readonly definitions: ReadonlyMap<string, { readonly definitionHash: string }>
  /** Trials of a case that does not say so itself. */
  readonly defaultTrials: number
}

interface StandingRules {
  readonly slices: readonly string[]
  readonly areTrialsGiven: boolean
}

export interface StricterStanding<T extends EvalCase = EvalCase> {
  readonly cases: readonly T[]
  readonly changes: readonly RuleChange[]
}

/**
 * The cases of a change under test as they count: one that gates at the base goes on gating until
 * the change is merged, whether it is called a draft here, quarantined, or of another split. It is
 * tried as often as at the base, rises and falls with the same cases (one cluster of all would leave
 * nothing to compare), and belongs to the slices that gate as it did there.
 *
 * A case whose definition is another one here is another case: nothing of the base holds for it, and
 * where it does not gate it counts as removed.
 *
 * @param rules.slices - those that gate
 * @param rules.areTrialsGiven - somebody typed a number, which beats both
 */
export function stricterStanding(
  base: CasesAt,
  here: CasesAt,
  { areTrialsGiven, slices }: StandingRules,
): StricterStanding {
  const before = new Map(base.cases.map((one) => [one.id, one]))
  const changes: RuleChange[] = []
  const trials = new Map<string, TrialsChange>()
  const regrouped: EvalCase[] = []
  const cases = here.cases.map((now) => {
    const then = before.get(now.id)
    if (then === undefined) return now
    const [wanted, has] = [then.trials ?? base.defaultTrials, now.trials ?? here.defaultTrials]
    if (!areTrialsGiven) noteTrials(trials, wanted, has)
    const most = wanted > has ? { ...now, trials: wanted } : now
    // Of a holdout nothing is told, and nobody gates by it here.
    const isHidden = then.split === 'holdout' && now.split === 'holdout'
    if (isHidden || hashIn(base, now.id) !== hashIn(here, now.id)) return most
    changes.push(...standingChanges(then, now), ...sliceChanges(then, now, slices))
    if (then.cluster !== now.cluster) regrouped.push(now)
    return withStanding(then, most, slices)
  })
  const ofMany = [...[...trials.values()].map(trialsChange), ...clusterChange(before, regrouped)]
  return { cases, changes: [...changes, ...ofMany] }
}

function hashIn({ definitions }: CasesAt, id: string): string | undefined {
  return definitions.get(id)?.definitionHash
}

function gates({ split, status }: EvalCase): boolean {
  return split === 'gate' && status === 'active'
}

function withStanding(then: EvalCase, now: EvalCase, slices: readonly string[]): EvalCase {
  const { cluster, split, status, strata, tags } = then
  return {
    ...now,
    cluster,
    ...(gates(then) && { split, status }),
    ...(sliceChanges(then, now, slices).length > 0 && { strata, tags }),
  }
}

function standingChanges(then: EvalCase, now: EvalCase): readonly RuleChange[] {
  const holds = gates(then) && !gates(now) ? 'base' : 'here'
  const name = `case ${now.id}`
  return [
    ...ruleChange(name, { base: statusWords(then), here: statusWords(now) }, holds),
    ...ruleChange(name, { base: `split ${then.split}`, here: `split ${now.split}` }, holds),
  ]
}

function statusWords({ status }: EvalCase): string {
  if (typeof status === 'string') return status
  const { expires, owner, reason } = status.quarantined
  return `quarantined until ${expires}, ${owner}: ${reason}`
}

/** Which of the slices that gate a case was in and is not, or the other way round. */
function sliceChanges(
  then: EvalCase,
  now: EvalCase,
  slices: readonly string[],
): readonly RuleChange[] {
  return slices.flatMap((slice) => {
    const both = { base: membership(then, slice), here: membership(now, slice) }
    return ruleChange(`case ${now.id}`, both, 'base')
  })
}

function membership({ strata, tags }: EvalCase, slice: string): string {
  const isIn =
    tags.some((tag) => `tag:${tag}` === slice) ||
    Object.entries(strata).some(([stratum, value]) => `${stratum}:${value}` === slice)
  return `${isIn ? 'in' : 'not in'} ${slice}`
}

interface TrialsChange {
  readonly base: number
  readonly here: number
  readonly cases: number
}

/** Trials are usually changed for all cases at once, so equal changes are told once. */
function noteTrials(found: Map<string, TrialsChange>, base: number, here: number): void {
  if (base === here) return
  const key = `${base} ${here}`
  found.set(key, { base, here, cases: (found.get(key)?.cases ?? 0) + 1 })
}

function trialsChange({ base, cases, here }: TrialsChange): RuleChange {
  return {
    what: `trials of ${caseCount(cases)}`,
    base: String(base),
    here: String(here),
    holds: base > here ? 'base' : 'here',
  }
}

function clusterChange(
  before: ReadonlyMap<string, EvalCase>,
  regrouped: readonly EvalCase[],
): readonly RuleChange[] {
  const clusters = (cases: readonly (EvalCase | undefined)[]): readonly string[] => [
    ...new Set(cases.flatMap((one) => one?.cluster ?? [])),
  ]
  const what = `clusters of ${caseCount(regrouped.length)}`
  const then = regrouped.map(({ id }) => before.get(id))
  return ruleChange(what, { base: clusters(then), here: clusters(regrouped) }, 'base')
}

function caseCount(cases: number): string {
  return cases === 1 ? '1 case' : `${cases} cases`
}
