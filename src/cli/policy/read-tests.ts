import { type PolicyTest, type PolicyTestFile, policyTestFile } from '../../schema/policy-test.ts'
import { type ParsedDocument, parseDocument } from '../../suites/parse-document.ts'
import type { Problem } from '../../suites/problem.ts'
import { readText } from '../run-folder/run-folder.ts'
import type { FoundTests } from './find-tests.ts'

/** A file of policy tests, read and of the right form. */
export interface TestDocument extends ParsedDocument<PolicyTestFile> {
  readonly found: FoundTests
}

/** The files that could be read, and all that is wrong with the others. */
export interface ReadTests {
  readonly documents: readonly TestDocument[]
  readonly problems: readonly Problem[]
}

/** @throws AgentEvalError (input) for a file that is not there */
export async function readPolicyTests(files: readonly FoundTests[]): Promise<ReadTests> {
  const documents: TestDocument[] = []
  const problems: Problem[] = []
  for (const found of files) {
    const text = await readText(found.file, found.shown)
    const parsed = parseDocument({ text, file: found.shown }, policyTestFile)
    if (parsed.ok) documents.push({ ...parsed.value, found })
    else problems.push(...parsed.problems)
  }
  return { documents, problems: [...problems, ...documents.flatMap(twiceNamed)] }
}

/** Two tests of one name cannot be told apart in a report. */
function twiceNamed({ source, value: { tests } }: TestDocument): readonly Problem[] {
  const first = new Map<string, number>()
  return tests.flatMap(({ name }: PolicyTest, index): readonly Problem[] => {
    const before = first.get(name)
    if (before === undefined) {
      first.set(name, index)
      return []
    }
    const message = `a test of this name stands in line ${source.lineOf(['tests', before])} already`
    return [source.problem({ path: ['tests', index, 'name'], message })]
  })
}
