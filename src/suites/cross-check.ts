import type { EvalSetFile } from '../schema/evalset.ts'
import type { CaseFiles } from './case-files.ts'
import { checkCase } from './check-case.ts'
import { checkGate } from './check-gate.ts'
import { checkRules } from './check-rules.ts'
import { checkWorld } from './check-world.ts'
import { leadsOut } from './folder-files.ts'
import { innerPath } from './inner-path.ts'
import { limits } from './limits.ts'
import type { ParsedDocument } from './parse-document.ts'
import { below, type Checked, type Finding, type Problem } from './problem.ts'
import type { EvalSetParts, Part } from './read-parts.ts'

/** What rules of the judging policy may name. */
const judgingVariables = ['input', 'output', 'state', 'now', 'tool', 'agent', 'calls']

/**
 * What no document can see alone: names that another one does not have, expressions that do not
 * compile. Documents that could not be read are left out, and what depends on them.
 */
export function crossCheck(
  main: ParsedDocument<EvalSetFile>,
  parts: EvalSetParts,
  { cases }: CaseFiles,
): readonly Problem[] {
  const world = valueOf(parts.world)
  const policy = valueOf(parts.policy)
  const tools = world && new Set(Object.keys(world.tools))
  const gate = policy === undefined ? [] : checkGate(main.value, policy)
  const problems = [
    ...[...checkPaths(main.value), ...gate].map(main.source.problem),
    ...problemsIn(parts.world, checkWorld),
    ...problemsIn(parts.policy, ({ rules }) =>
      below(['rules'], checkRules(rules, judgingVariables, tools)),
    ),
    ...problemsIn(parts.injections, () => []),
  ]
  const surroundings = { world, injections: valueOf(parts.injections) }
  for (const { written, problem } of cases) {
    problems.push(...checkCase(written, surroundings).map(problem))
    if (problems.length > limits.problems) break
  }
  return problems
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
