import { z } from 'zod'
import { evalCase, type WrittenCase } from '../schema/case.ts'
import type { JsonValue } from '../schema/json.ts'
import { apiVersion } from '../schema/names.ts'
import { limits } from './limits.ts'
import { readPlainJson } from './plain-json.ts'
import { below, type Finding, type Path, type Problem } from './problem.ts'
import { reporterOf, type SourceText } from './reporter.ts'
import { checkSchema } from './schema-findings.ts'
import { readSource, type Source } from './source.ts'

/** A case as its file has it, and where. */
export interface ReadCase {
  readonly written: WrittenCase
  readonly problem: (finding: Finding) => Problem
  readonly position: { readonly file: string; readonly line: number }
}

export interface ReadCases {
  readonly cases: readonly ReadCase[]
  readonly problems: readonly Problem[]
}

/** The form of a case file that has room for a version beside its cases. */
export const caseList = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('Cases').optional(),
  cases: z.array(z.unknown()).min(1),
})

/**
 * Reads the cases of one file. YAML and JSON: a mapping is one case, a list is several, and a
 * mapping with `cases` has them there. JSON Lines (`.jsonl`): one case a line, empty lines do not
 * count. Cases without fault are returned also when others have problems.
 */
export function readCases(input: SourceText): ReadCases {
  if (input.file.toLowerCase().endsWith('.jsonl')) return readLines(input)
  const read = readSource(input)
  return read.ok ? casesOf(read.value) : { cases: [], problems: read.problems }
}

function readLines({ text, file }: SourceText): ReadCases {
  if (text.length > limits.charactersOfLines) {
    const message = `too large: ${text.length} characters, at most ${limits.charactersOfLines}`
    return { cases: [], problems: [{ file, path: '', message, hint: 'split the file' }] }
  }
  const found = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [readLine({ text: line.replace(/\r$/, ''), file, firstLine: index + 1 })]
  })
  return found.length === 0 ? noCases({ text, file }) : joined(found)
}

/** A line without fault, which most are, is read without keeping anything for messages. */
function readLine(input: SourceText & { readonly firstLine: number }): ReadCases {
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
  return read.ok ? caseAt(read.value, []) : { cases: [], problems: read.problems }
}

function casesOf(source: Source): ReadCases {
  const { value } = source
  if (Array.isArray(value)) return listAt(source, value as readonly JsonValue[], [])
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'cases')) {
    return caseAt(source, [])
  }
  const checked = checkSchema(caseList, value)
  const around = { cases: [], problems: checked.ok ? [] : checked.findings.map(source.problem) }
  const { cases } = value as { readonly cases?: JsonValue }
  const inside = Array.isArray(cases) && cases.length > 0
  return inside
    ? joined([around, listAt(source, cases as readonly JsonValue[], ['cases'])])
    : around
}

function listAt(source: Source, list: readonly JsonValue[], base: Path): ReadCases {
  if (list.length === 0) {
    return {
      cases: [],
      problems: [source.problem({ path: base, message: 'there is no case here' })],
    }
  }
  return joined(list.map((_, index) => caseAt(source, [...base, index])))
}

function caseAt(source: Source, base: Path): ReadCases {
  const value = base.reduce<unknown>(
    (at, step) => (at as Record<string | number, unknown>)[step],
    source.value,
  )
  const problem = (finding: Finding): Problem =>
    source.problem(...(below(base, [finding]) as [Finding]))
  const checked = checkSchema(evalCase, value)
  if (!checked.ok) return { cases: [], problems: checked.findings.map(problem) }
  const position = { file: source.file, line: source.lineOf(base) }
  return { cases: [{ written: checked.value, problem, position }], problems: [] }
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
