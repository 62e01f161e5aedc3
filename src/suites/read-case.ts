import { evalCase, type WrittenCase } from '../schema/case.ts'
import type { JsonObject } from '../schema/json.ts'
import {
  type ExpandedRow,
  type ExpansionBudget,
  expandTemplate,
  isTemplate,
} from './expand-template.ts'
import { limits } from './limits.ts'
import { below, type Finding, type Path, type Problem } from './problem.ts'
import { checkSchema } from './schema-findings.ts'
import type { Source } from './source.ts'

/** A case as its file has it, and where. */
export interface ReadCase {
  readonly written: WrittenCase
  readonly problem: (finding: Finding) => Problem
  readonly position: CasePosition
}

export interface CasePosition {
  readonly file: string
  /** From 1; of its row in `foreach` for a case that a template made. */
  readonly line: number
  /** The key of that row. */
  readonly row?: string
}

export interface ReadCases {
  readonly cases: readonly ReadCase[]
  readonly problems: readonly Problem[]
}

/** Reads what stands for one case in a document: the case, or those that a template makes. */
export function readCaseAt(source: Source, base: Path, budget: ExpansionBudget): ReadCases {
  const value = valueAt(source.value, base)
  const problem = (finding: Finding): Problem =>
    source.problem({ ...finding, path: [...base, ...finding.path] })
  if (isTemplate(value)) return readTemplate({ source, base, template: value }, budget)
  const position = { file: source.file, line: source.lineOf(base) }
  return checkedCase(value, { problem, position })
}

interface Template {
  readonly source: Source
  /** Where it stands in the document. */
  readonly base: Path
  readonly template: JsonObject
}

function readTemplate(written: Template, budget: ExpansionBudget): ReadCases {
  const { source, base, template } = written
  const expanded = expandTemplate(template, budget)
  if (!expanded.ok) {
    return { cases: [], problems: below(base, expanded.findings).map(source.problem) }
  }
  const cases: ReadCase[] = []
  const problems: Problem[] = []
  for (const row of expanded.rows) {
    const line = source.lineOf([...base, 'foreach', row.key], 'key')
    const read = checkedCase(row.value, {
      problem: (finding) => source.problem(inTemplate(finding, row, written)),
      position: { file: source.file, line, row: row.key },
    })
    cases.push(...read.cases)
    problems.push(...read.problems)
    if (problems.length > limits.problems) break
  }
  return { cases, problems }
}

/** What was found in the case of a row, told of the template that made it. */
function inTemplate(finding: Finding, row: ExpandedRow, { base, template }: Template): Finding {
  const { offset, ...rest } = finding
  // Once something was inserted, the text of the file is not the one that was counted in.
  const isAsWritten = valueAt(template, finding.path) === valueAt(row.value, finding.path)
  return {
    ...rest,
    ...(offset !== undefined && isAsWritten && { offset }),
    path: [...base, ...finding.path],
    row: row.key,
  }
}

function checkedCase(value: unknown, where: Omit<ReadCase, 'written'>): ReadCases {
  const checked = checkSchema(evalCase, value)
  if (!checked.ok) return { cases: [], problems: checked.findings.map(where.problem) }
  return { cases: [{ written: checked.value, ...where }], problems: [] }
}

/** What stands at a place of a document; `undefined` when nothing does. */
function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    const isContainer = typeof at === 'object' && at !== null && Object.hasOwn(at, step)
    return isContainer ? (at as Readonly<Record<string | number, unknown>>)[step] : undefined
  }, document)
}
