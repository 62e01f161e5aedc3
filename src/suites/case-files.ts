import type { Folder } from '../ports.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import type { Layer } from '../schema/names.ts'
import { caseLayer } from './case-layer.ts'
import { quote } from './describe.ts'
import { type ExpansionBudget, expansionBudget } from './expand-template.ts'
import { fileName, leadsOut, listFiles, readText } from './folder-files.ts'
import { innerPath } from './inner-path.ts'
import type { ParsedDocument } from './parse-document.ts'
import type { Problem } from './problem.ts'
import type { ReadCase } from './read-case.ts'
import { readCases } from './read-cases.ts'

/** A case whose layer is known. */
export interface FiledCase extends ReadCase {
  readonly layer: Layer
}

export interface CaseFiles {
  readonly cases: readonly FiledCase[]
  readonly problems: readonly Problem[]
}

/** Few enough that no system runs out of open files. */
const filesAtOnce = 64

const extensions = /\.(?:ya?ml|jsonl?)$/i

/** Reads all case files below the folder of cases; other files are left alone. */
export async function readCaseFiles(
  folder: Folder,
  { value, source }: ParsedDocument<EvalSetFile>,
): Promise<CaseFiles> {
  const root = innerPath(value.cases)
  if (root === undefined) {
    return failed([source.problem({ path: ['cases'], message: leadsOut(value.cases) })])
  }
  const listed = await listFiles(folder, root)
  if (!listed.ok) return failed(listed.problems)
  const files = listed.value.filter((file) => extensions.test(file))
  if (files.length === 0) {
    const message = `there is no case file below ${quote(root)}`
    const hint = `write one, for example ${root}/outcome/first.yaml`
    return failed([source.problem({ path: ['cases'], message, hint })])
  }
  const budget = expansionBudget()
  const parts: CaseFiles[] = []
  for (let start = 0; start < files.length; start += filesAtOnce) {
    const batch = files.slice(start, start + filesAtOnce)
    parts.push(
      ...(await Promise.all(batch.map((file) => readCaseFile(folder, { file, root }, budget)))),
    )
  }
  const cases = parts.flatMap((part) => part.cases)
  const problems = parts.flatMap((part) => part.problems)
  return { cases, problems: [...problems, ...duplicates(cases)] }
}

async function readCaseFile(
  folder: Folder,
  { file, root }: { readonly file: string; readonly root: string },
  budget: ExpansionBudget,
): Promise<CaseFiles> {
  const text = await readText(folder, file)
  if (!text.ok) return failed(text.problems)
  const input = { text: text.value ?? '', file: fileName(folder, file) }
  const { cases, problems } = readCases(input, budget)
  const found = cases.map((read) => ({
    read,
    layered: caseLayer(read.written, file.slice(root.length + 1)),
  }))
  return {
    cases: found.flatMap(({ read, layered }) =>
      layered.ok ? [{ ...read, layer: layered.layer }] : [],
    ),
    problems: [
      ...problems,
      ...found.flatMap(({ read, layered }) => (layered.ok ? [] : [read.problem(layered.finding)])),
    ],
  }
}

/** Ids used more than once, told at each further use with the place of the first. */
function duplicates(cases: readonly FiledCase[]): readonly Problem[] {
  const first = new Map<string, FiledCase>()
  return cases.flatMap((each) => {
    const { id } = each.written
    const earlier = first.get(id)
    if (earlier === undefined) {
      first.set(id, each)
      return []
    }
    const { file, line } = earlier.position
    return [
      each.problem({ path: ['id'], message: `${file}:${line} has the id ${quote(id)} already` }),
    ]
  })
}

function failed(problems: readonly Problem[]): CaseFiles {
  return { cases: [], problems }
}
