import { toExprValue } from '../expr/value.ts'
import type { WrittenCase } from '../schema/case.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import type { World } from '../schema/world.ts'
import type { CaseFiles } from './case-files.ts'
import { checkCase, type Surroundings } from './check-case.ts'
import { checkGate } from './check-gate.ts'
import { checkInjections } from './check-injections.ts'
import type { InputCheck } from './check-input.ts'
import { checkRubric, type KnownCriteria } from './check-judge.ts'
import { checkRules, ruleVariables } from './check-rules.ts'
import { checkSlices } from './check-slices.ts'
import { checkWeights } from './check-weights.ts'
import { checkWorld } from './check-world.ts'
import { leadsOut } from './folder-files.ts'
import { innerPath } from './inner-path.ts'
import { limits } from './limits.ts'
import type { ParsedDocument } from './parse-document.ts'
import { below, type Checked, type Finding, type Problem } from './problem.ts'
import type { EvalSetParts, Part } from './read-parts.ts'

/** What rules of the judging policy may name. */
const judgingVariables = [...ruleVariables, 'state']

/** All that was read of an eval set. */
export interface ReadEvalSet {
  readonly main: ParsedDocument<EvalSetFile>
  readonly parts: EvalSetParts
  readonly files: CaseFiles
  readonly input: InputCheck
  /** ISO date; without it nothing expires. */
  readonly today: string | undefined
}

/**
 * What no document can see alone: names that another one does not have, expressions that do not
 * compile. Documents that could not be read are left out, and what depends on them.
 */
export function crossCheck(read: ReadEvalSet): readonly Problem[] {
  const { main, parts } = read
  const world = valueOf(parts.world)
  const tools = world && new Set(Object.keys(world.tools))
  return [
    ...checkMain(read).map(main.source.problem),
    ...problemsIn(parts.world, checkWorld),
    ...problemsIn(parts.policy, ({ rules }) =>
      below(['rules'], checkRules(rules, judgingVariables, tools)),
    ),
    ...problemsIn(parts.injections, (injections) =>
      world === undefined ? [] : checkInjections(injections, world),
    ),
    ...judgeProblems(parts),
    ...checkCases(read, world),
  ]
}

function judgeProblems({ judge }: EvalSetParts): readonly Problem[] {
  if (!judge.ok) return judge.problems
  return judge.value === undefined
    ? []
    : problemsIn({ ok: true, value: judge.value.rubric }, checkRubric)
}

function criteriaIn({ judge }: EvalSetParts): KnownCriteria {
  if (!judge.ok) return undefined
  return judge.value === undefined
    ? 'none'
    : new Set(judge.value.rubric.value.criteria.map(({ id }) => id))
}

function checkMain({ main: { value }, parts, files, input }: ReadEvalSet): readonly Finding[] {
  const policy = valueOf(parts.policy)
  return [
    ...checkPaths(value),
    ...input.findings,
    ...(policy === undefined ? [] : checkGate(value, policy)),
    ...(files.problems.length > 0
      ? []
      : [...checkWeights(value, writtenIn(files)), ...checkSlices(value, writtenIn(files))]),
  ]
}

function checkCases(
  { files: { cases, problems: unread }, input, parts, today }: ReadEvalSet,
  world: World | undefined,
): readonly Problem[] {
  const around: Surroundings = {
    world: world && { document: world, state: toExprValue(world.state) },
    injections: valueOf(parts.injections),
    input,
    criteria: criteriaIn(parts),
    ids: unread.length > 0 ? undefined : new Set(cases.map(({ written }) => written.id)),
    today,
  }
  const problems: Problem[] = []
  for (const { written, problem } of cases) {
    problems.push(...checkCase(written, around).map(problem))
    if (problems.length > limits.problems) break
  }
  return problems
}

function writtenIn({ cases }: CaseFiles): readonly WrittenCase[] {
  return cases.map(({ written }) => written)
}

/** Paths of files that are opened later, by others. */
function checkPaths(file: EvalSetFile): readonly Finding[] {
  return (['candidate', 'baseline'] as const).flatMap((key) => {
    const path = file[key]
    if (path === undefined || innerPath(path) !== undefined) return []
    return [{ path: [key], message: leadsOut(path) }]
  })
}

function valueOf<T>(part: Checked<Part<T>>): T | undefined {
  return part.ok ? part.value.value : undefined
}

/** The problems of reading a document, or of what it says. A default has neither. */
function problemsIn<T>(
  part: Checked<Part<T>>,
  check: (value: T) => readonly Finding[],
): readonly Problem[] {
  if (!part.ok) return part.problems
  const { value, source } = part.value
  return source === undefined ? [] : check(value).slice(0, limits.faults).map(source.problem)
}
