import { z } from 'zod'
import { evalCase } from '../schema/case.ts'
import type { JsonValue } from '../schema/json.ts'
import { apiVersion } from '../schema/names.ts'
import { type ExpansionBudget, expansionBudget } from './expand-template.ts'
import { limits } from './limits.ts'
import { readPlainJson } from './plain-json.ts'
import type { Finding, Path, Problem } from './problem.ts'
import { type ReadCases, readCaseAt } from './read-case.ts'
import { reporterOf, type SourceText } from './reporter.ts'
import { checkSchema } from './schema-findings.ts'
import { readSource, type Source } from './source.ts'

/** The form of a case file that has room for a version beside its cases. */
export const caseList = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('Cases').optional(),
  cases: z.array(z.unknown()).min(1),
})

/**
 * Reads the cases of one file. YAML and JSON: a mapping is one case, a list is several, and a
 * mapping with `cases` has them there. JSON Lines (`.jsonl`): one case a line, empty lines do not
 * count. A case with `foreach` is a template, and stands for a case a row. Cases without fault are
 * returned also when others have problems.
 *
 * @param budget - what templates may expand to, shared by the files of an eval set
 */
export function readCases(
  input: SourceText,
  budget: ExpansionBudget = expansionBudget(),
): ReadCases {
  if (input.file.toLowerCase().endsWith('.jsonl')) return readLines(input, budget)
  const read = readSource(input)
  return read.ok ? casesOf(read.value, budget) : { cases: [], problems: read.problems }
}

function readLines({ text, file }: SourceText, budget: ExpansionBudget): ReadCases {
  if (text.length > limits.charactersOfLines) {
    const message = `too large: ${text.length} characters, at most ${limits.charactersOfLines}`
    return { cases: [], problems: [{ file, path: '', message, hint: 'split the file' }] }
  }
  const found = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [readLine({ text: line.replace(/\r$/, ''), file, firstLine: index + 1 }, budget)]
  })
  return found.length === 0 ? noCases({ text, file }) : joined(found)
}

/** A line without fault, which most are, is read without keeping anything for messages. */
function readLine(
  input: SourceText & { readonly firstLine: number },
  budget: ExpansionBudget,
): ReadCases {
  const { text, file, firstLine } = input
  const value = text.length > limits.characters ? undefined : readPlainJson(text)
  const checked = value === undefined ? undefined : evalCase.safeParse(value)
  if (checked?.success === true) {
    const problem = (finding: Finding): Problem => {
      const read = readSource(input)
      return read.ok ? read.value.problem(finding) : reporterOf(input).report(finding, finding.path)
    }
    const position = { file, line: firstLine }
    return { cases: [{ written: checked.data, problem, position }], problems: [] }
  }
  const read = readSource(input)
  return read.ok ? readCaseAt(read.value, [], budget) : { cases: [], problems: read.problems }
}

function casesOf(source: Source, budget: ExpansionBudget): ReadCases {
  const { value } = source
  if (Array.isArray(value)) {
    return listAt(source, { list: value as readonly JsonValue[], base: [] }, budget)
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'cases')) {
    return readCaseAt(source, [], budget)
  }
  const checked = checkSchema(caseList, value)
  const around = { cases: [], problems: checked.ok ? [] : checked.findings.map(source.problem) }
  const { cases } = value as { readonly cases?: JsonValue }
  if (!Array.isArray(cases) || cases.length === 0) return around
  const list = cases as readonly JsonValue[]
  return joined([around, listAt(source, { list, base: ['cases'] }, budget)])
}

interface CaseList {
  readonly list: readonly JsonValue[]
  /** Where it stands in the document. */
  readonly base: Path
}

function listAt(source: Source, { list, base }: CaseList, budget: ExpansionBudget): ReadCases {
  if (list.length === 0) {
    const problem = source.problem({ path: base, message: 'there is no case here' })
    return { cases: [], problems: [problem] }
  }
  return joined(list.map((_, index) => readCaseAt(source, [...base, index], budget)))
}

function noCases(input: SourceText): ReadCases {
  return {
    cases: [],
    problems: [reporterOf(input).report({ offset: 0, message: 'there is no case here' }, [])],
  }
}

function joined(parts: readonly ReadCases[]): ReadCases {
  return {
    cases: parts.flatMap((part) => part.cases),
    problems: parts.flatMap((part) => part.problems),
  }
}
