import { AgentEvalError } from '../errors.ts'
import { compilePattern } from '../expr/pattern.ts'
import type { EvalCase } from '../schema/case.ts'
import { layers } from '../schema/names.ts'
import { unknownName } from './describe.ts'

/** What a command line asks for. A case must match each kind that is given, with any of its values. */
export interface CaseSelection {
  /** `--case`. */
  readonly ids?: readonly string[] | undefined
  /** `--grep`: an RE2 pattern, looked for in id and title. */
  readonly grep?: string | undefined
  readonly layers?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
}

/**
 * The cases that a command line asks for, in their order; all where it asks for nothing.
 *
 * @throws AgentEvalError (usage) for an id or layer that does not exist, for a pattern that does
 *   not compile, and when nothing is left: a run of no cases would prove nothing and pass
 */
export function selectCases<T extends EvalCase>(
  cases: readonly T[],
  selection: CaseSelection,
): readonly T[] {
  const filters = [
    byId(cases, selection.ids),
    byPattern(selection.grep),
    byLayer(selection.layers),
    byTag(selection.tags),
  ]
  const selected = cases.filter((each) => filters.every((holds) => holds(each)))
  if (selected.length > 0) return selected
  if (cases.length === 0) throw new AgentEvalError('the eval set has no cases', 'usage')
  throw new AgentEvalError(`no case matches ${describeSelection(selection)}`, 'usage', {
    hint: cases.length === 1 ? 'there is 1 case' : `there are ${cases.length} cases`,
  })
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

function describeSelection({ ids = [], grep, layers = [], tags = [] }: CaseSelection): string {
  return [
    ...ids.map((id) => `--case ${id}`),
    ...(grep === undefined ? [] : [`--grep ${JSON.stringify(grep)}`]),
    ...layers.map((layer) => `--layer ${layer}`),
    ...tags.map((tag) => `--tag ${tag}`),
  ].join(' ')
}
