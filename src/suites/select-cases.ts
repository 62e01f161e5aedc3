import { AgentEvalError } from '../errors.ts'
import { compilePattern } from '../expr/pattern.ts'
import type { EvalCase } from '../schema/case.ts'
import { layers, riskTier } from '../schema/names.ts'
import { unknownName } from './describe.ts'
import { splitFilter } from './select-splits.ts'

/** What a command line asks for. A case must match each kind that is given, with any of its values. */
export interface CaseSelection {
  /** `--case`. */
  readonly ids?: readonly string[] | undefined
  /** `--grep`: an RE2 pattern, looked for in id and title. */
  readonly grep?: string | undefined
  readonly layers?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  /** Default: the gate, and what `ids` name of dev. The holdout runs alone and as a whole. */
  readonly splits?: readonly string[] | undefined
  /** Risk tiers. */
  readonly tiers?: readonly number[] | undefined
  /** What somebody found out, for example from git, and what to say when it leaves nothing. */
  readonly only?: { readonly ids: ReadonlySet<string>; readonly why: string } | undefined
}

/**
 * The cases that a command line asks for, in their order; all of the gate where it asks for nothing.
 *
 * @throws AgentEvalError (usage) for an id, layer, split or tier that does not exist, for a pattern
 *   that does not compile, for a part of the holdout or the holdout beside other splits, and when
 *   nothing is left: a run of no cases would prove nothing and pass
 */
export function selectCases<T extends EvalCase>(
  cases: readonly T[],
  selection: CaseSelection,
): readonly T[] {
  const { only } = selection
  const filters = [
    byId(cases, selection.ids),
    byPattern(selection.grep),
    byLayer(selection.layers),
    byTag(selection.tags),
    byTier(selection.tiers),
  ]
  const picks = only !== undefined || filters.some((holds) => holds !== all)
  const isOfSplit = splitFilter(cases, { ...selection, picks })
  const known = cases.filter(({ id }) => only?.ids.has(id) ?? true)
  const matching = known.filter((each) => filters.every((holds) => holds(each)))
  const selected = matching.filter(isOfSplit)
  if (selected.length > 0) return selected
  if (cases.length === 0) throw new AgentEvalError('the eval set has no cases', 'usage')
  if (only !== undefined && known.length === 0) throw new AgentEvalError(only.why, 'usage')
  throw nothingLeft(selection, { known, matching })
}

function nothingLeft(
  selection: CaseSelection,
  { known, matching }: Readonly<Record<'known' | 'matching', readonly EvalCase[]>>,
): AgentEvalError {
  const asked = describeSelection(selection)
  if ((selection.splits ?? []).length === 0 && matching.length > 0) {
    const subject = asked === '' ? 'no case' : `no case that matches ${asked}`
    const other = matching.some(({ split }) => split === 'dev') ? 'dev' : 'holdout'
    const hint = `those of the split ${other} run with --split ${other}`
    return new AgentEvalError(`${subject} is of the split gate`, 'usage', { hint })
  }
  const hint = known.length === 1 ? 'there is 1 case' : `there are ${known.length} cases`
  return new AgentEvalError(`no case matches ${asked}`, 'usage', { hint })
}

type Filter = (evalCase: EvalCase) => boolean

const all: Filter = () => true

function byId(cases: readonly EvalCase[], ids: readonly string[] = []): Filter {
  if (ids.length === 0) return all
  const known = new Set(cases.map((each) => each.id))
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined) throw new AgentEvalError(unknownName('case', unknown, known), 'usage')
  return ({ id }) => ids.includes(id)
}

function byPattern(grep: string | undefined): Filter {
  if (grep === undefined) return all
  const compiled = compilePattern(grep)
  if (!compiled.ok) throw new AgentEvalError(`--grep: no valid pattern: ${compiled.error}`, 'usage')
  return ({ id, title = '' }) => compiled.pattern.test(id) || compiled.pattern.test(title)
}

function byLayer(wanted: readonly string[] = []): Filter {
  if (wanted.length === 0) return all
  const unknown = wanted.find((each) => !layers.some((layer) => layer === each))
  if (unknown !== undefined)
    throw new AgentEvalError(unknownName('layer', unknown, layers), 'usage')
  return ({ layer }) => wanted.includes(layer)
}

function byTag(wanted: readonly string[] = []): Filter {
  return wanted.length === 0 ? all : ({ tags }) => tags.some((tag) => wanted.includes(tag))
}

function byTier(wanted: readonly number[] = []): Filter {
  if (wanted.length === 0) return all
  const unknown = wanted.find((each) => !riskTier.safeParse(each).success)
  if (unknown !== undefined) {
    throw new AgentEvalError(`there is no tier ${unknown}; tiers go from 0 to 4`, 'usage')
  }
  return ({ risk_tier }) => wanted.includes(risk_tier)
}

function describeSelection(selection: CaseSelection): string {
  const { ids = [], grep, layers = [], splits = [], tags = [], tiers = [] } = selection
  return [
    ...ids.map((id) => `--case ${id}`),
    ...(grep === undefined ? [] : [`--grep ${JSON.stringify(grep)}`]),
    ...layers.map((layer) => `--layer ${layer}`),
    ...splits.map((split) => `--split ${split}`),
    ...tags.map((tag) => `--tag ${tag}`),
    ...tiers.map((tier) => `--tier ${tier}`),
  ].join(' ')
}
