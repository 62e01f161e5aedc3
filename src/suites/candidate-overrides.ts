import type { JsonObject, JsonValue } from '../schema/json.ts'
import { fileProblem } from './folder-files.ts'
import type { Checked, Finding, Path, Problem } from './problem.ts'
import { parseOverride, type SetOverride, sectionPath, setAt, setFault } from './set-override.ts'
import type { Source } from './source.ts'

/** A candidate file's value with `--set` applied, not yet checked. */
export interface OverriddenFile {
  readonly value: JsonValue
  /** The problem of a finding about the value: in the file, or of the option that brought it. */
  readonly problem: (finding: Finding) => Problem
  /** The same for a path that begins at a section, wherever the file has that section. */
  readonly sectionProblem: (finding: Finding) => Problem
}

/** Applies `--set` to a candidate file, in order. */
export function overrideFile(source: Source, set: readonly string[]): Checked<OverriddenFile> {
  const file = objectOf(source.value)
  const overrides: SetOverride[] = []
  const problems: Problem[] = []
  let value = source.value
  for (const typed of set) {
    const parsed = parseOverride(typed, file)
    const fault = parsed.ok ? setFault(value, parsed.override.path) : parsed.message
    if (!parsed.ok || fault !== undefined) {
      problems.push(fileProblem(`--set ${typed}`, fault ?? '', parsed.ok ? undefined : parsed.hint))
      continue
    }
    overrides.push(parsed.override)
    value = setAt(value, parsed.override.path, parsed.override.value)
  }
  if (problems.length > 0) return { ok: false, problems }

  const problem = (finding: Finding): Problem => {
    const override = overrides.findLast(({ path }) => brought(path, finding.path, source.value))
    return override === undefined ? source.problem(finding) : optionProblem(override, finding)
  }
  const sectionProblem = (finding: Finding): Problem => {
    const [section, ...rest] = finding.path
    const place = sectionPath(objectOf(value), String(section))
    return problem({ ...finding, path: [...place, ...rest] })
  }
  return { ok: true, value: { value, problem, sectionProblem } }
}

function objectOf(value: JsonValue): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {}
}

function optionProblem({ typed }: SetOverride, { path, message, hint }: Finding): Problem {
  return { ...fileProblem(`--set ${typed}`, message, hint), path: path.join('.') }
}

/** Whether what is found at a path is there because an option set it. */
function brought(set: Path, found: Path, file: JsonValue): boolean {
  const shared = Math.min(set.length, found.length)
  if (found.slice(0, shared).some((step, index) => String(step) !== String(set[index])))
    return false
  return found.length >= set.length || (found.length > 0 && !exists(file, found))
}

function exists(value: JsonValue, path: Path): boolean {
  let current: unknown = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step))
      return false
    current = (current as Readonly<Record<string | number, unknown>>)[step]
  }
  return true
}
