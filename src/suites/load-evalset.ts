import type { SourcePosition } from '../errors.ts'
import type { JudgeYardstick } from '../graders/judge/yardstick.ts'
import type { Folder } from '../ports.ts'
import type { EvalCase, WrittenCase } from '../schema/case.ts'
import { type EvalSetFile, evalSetFile } from '../schema/evalset.ts'
import type { Injections } from '../schema/injections.ts'
import type { JudgeCalibration, JudgeSettings, StoredVote } from '../schema/judge.ts'
import type { JudgingPolicy } from '../schema/policy.ts'
import type { World } from '../schema/world.ts'
import { type FiledCase, readCaseFiles } from './case-files.ts'
import { compileInput } from './check-input.ts'
import { crossCheck } from './cross-check.ts'
import type { ReadEngineFiles } from './engine-files.ts'
import { readModules } from './evalset-modules.ts'
import { fileName, fileProblem, readText } from './folder-files.ts'
import { type HashedParts, hashEvalSet } from './hash-evalset.ts'
import { judgeYardstick } from './judge-yardstick.ts'
import { nameRows } from './name-rows.ts'
import { type ParsedDocument, parseDocument } from './parse-document.ts'
import type { Checked, Path, Problem } from './problem.ts'
import type { CasePosition } from './read-case.ts'
import type { JudgeParts } from './read-judge.ts'
import { type EvalSetParts, readParts } from './read-parts.ts'
import { readPolicyFiles } from './read-policy-files.ts'
import { resolveCase } from './resolve-case.ts'

/** Where a case stands, and the hash of all that makes its trials comparable. */
interface CaseDefinition extends CasePosition {
  readonly definitionHash: string
}

/** Who answers the criteria of `expect.judge`, and what it is measured by. */
export interface LoadedJudge {
  readonly settings: JudgeSettings
  readonly yardstick: JudgeYardstick
  readonly votes: readonly StoredVote[]
  readonly calibration?: JudgeCalibration
}

/** An eval set, checked and resolved; nothing in it can fail to parse or compile any more. */
export interface LoadedEvalSet {
  readonly file: EvalSetFile
  readonly world: World
  readonly policy: JudgingPolicy
  /** With the templates of the catalog that the set does not replace. */
  readonly injections: Injections
  /** Absent where the eval set has no judge. */
  readonly judge?: LoadedJudge
  /** Sorted by id. */
  readonly cases: readonly EvalCase[]
  /** By case id, what its file says, a template's placeholders filled in. */
  readonly written: ReadonlyMap<string, WrittenCase>
  /** By case id. */
  readonly definitions: ReadonlyMap<string, CaseDefinition>
  /**
   * Where something of a case stands in its file, or what it would stand in. The empty path is the
   * case itself: for one that a template made, its row.
   */
  readonly placeOf: (id: string, path: Path) => SourcePosition | undefined
  /** Of everything resolved, whatever the layout of files, the comments and the order of keys. */
  readonly hash: string
  /** Files of the world's modules, relative to the folder, each once. */
  readonly modulePaths: readonly string[]
  /** Files of the judging policy's engines, relative to the folder, each once. */
  readonly policyPaths: readonly string[]
  /** Hash of these files; absent where there are none. */
  readonly policyFiles?: string
}

export type EvalSetResult =
  | { readonly ok: true; readonly evalSet: LoadedEvalSet }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads an eval set: `evalset.yaml`, its world, and what else is there of policy, injections and
 * cases. All problems of all files are told at once.
 *
 * @param options.today - ISO date: a quarantine that has expired by then is a problem; without it
 *   none expires
 */
export async function loadEvalSet(
  folder: Folder,
  { today }: { readonly today?: string } = {},
): Promise<EvalSetResult> {
  const main = await readMain(folder)
  if (!main.ok) return main
  const [parts, files, input] = await Promise.all([
    readParts(folder, main.value),
    readCaseFiles(folder, main.value),
    compileInput(main.value.value),
  ])
  const modules = await readModules(folder, parts.world)
  const engines = await readPolicyFiles(folder, parts.policy)
  const problems = [
    ...crossCheck({ main: main.value, parts, files, input, today }),
    ...files.problems,
    ...(modules.ok ? [] : modules.problems),
    ...(engines.ok ? [] : engines.problems),
  ]
  const documents = documentsOf(main.value.value, parts)
  if (problems.length > 0 || documents === undefined || !modules.ok || !engines.ok) {
    return { ok: false, problems: nameRows(problems) }
  }
  const evalSet = resolveEvalSet(files.cases, {
    ...documents,
    modules: modules.value,
    engines: engines.value,
  })
  return { ok: true, evalSet }
}

type Documents = Pick<LoadedEvalSet, 'file' | 'injections' | 'judge' | 'policy' | 'world'>

/** All documents beside the cases; `undefined` where one of them could not be read. */
function documentsOf(
  file: EvalSetFile,
  { injections, judge, policy, world }: EvalSetParts,
): Documents | undefined {
  if (!world.ok || !policy.ok || !injections.ok || !judge.ok) return undefined
  const loaded = judgeOf(file.judge, judge.value)
  return {
    file,
    world: world.value.value,
    policy: policy.value.value,
    injections: injections.value.value,
    ...(loaded !== undefined && { judge: loaded }),
  }
}

function judgeOf(
  settings: JudgeSettings | undefined,
  parts: JudgeParts | undefined,
): LoadedJudge | undefined {
  if (settings === undefined || parts === undefined) return undefined
  const { calibration, rubric, votes } = parts
  return {
    settings,
    yardstick: judgeYardstick(settings, rubric.value, calibration),
    votes,
    ...(calibration !== undefined && { calibration }),
  }
}

async function readMain(folder: Folder): Promise<Checked<ParsedDocument<EvalSetFile>>> {
  const text = await readText(folder, 'evalset.yaml')
  if (!text.ok) return text
  const file = fileName(folder, 'evalset.yaml')
  if (text.value !== undefined) return parseDocument({ text: text.value, file }, evalSetFile)
  const hint = 'an eval set is a folder with an evalset.yaml, a world.yaml and cases'
  return { ok: false, problems: [fileProblem(file, 'there is no such file', hint)] }
}

function resolveEvalSet(
  filed: readonly FiledCase[],
  {
    engines,
    modules,
    ...documents
  }: Documents & Pick<HashedParts, 'modules'> & { readonly engines: ReadEngineFiles },
): LoadedEvalSet {
  const sorted = filed.toSorted((a, b) => (a.written.id < b.written.id ? -1 : 1))
  const cases = sorted.map(({ written, layer }) => resolveCase(written, layer, documents.world))
  const { hash, definitions } = hashEvalSet({
    ...documents,
    modules,
    cases,
    engineFiles: engines.hash,
  })
  const byId = new Map(sorted.map((one) => [one.written.id, one]))
  return {
    ...documents,
    file: withZeroTolerance(documents),
    cases,
    written: new Map(sorted.map(({ written }) => [written.id, written])),
    definitions: new Map(
      sorted.map(({ written: { id }, position }) => [
        id,
        { ...position, definitionHash: definitions.get(id) ?? '' },
      ]),
    ),
    placeOf: (id, path) => placeIn(byId.get(id), path),
    hash,
    modulePaths: [...modules.keys()].sort(),
    policyPaths: engines.paths,
    ...(engines.hash !== undefined && { policyFiles: engines.hash }),
  }
}

/** What a rule of the judging policy says of itself holds like what the gate says of it. */
function withZeroTolerance({ file, policy }: Pick<Documents, 'file' | 'policy'>): EvalSetFile {
  const flagged = policy.rules.filter((rule) => rule.zero_tolerance).map(({ id }) => id)
  if (flagged.length === 0) return file
  const all = new Set([...file.gate.zero_tolerance, ...flagged.toSorted()])
  return { ...file, gate: { ...file.gate, zero_tolerance: [...all] } }
}

function placeIn(filed: FiledCase | undefined, path: Path): SourcePosition | undefined {
  if (filed === undefined) return undefined
  const { file, line, column } =
    path.length === 0 && filed.position.row !== undefined
      ? { ...filed.position, column: undefined }
      : filed.problem({ path, message: '' })
  return { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) }
}
