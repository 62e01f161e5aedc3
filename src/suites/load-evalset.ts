import type { Folder } from '../ports.ts'
import type { EvalCase } from '../schema/case.ts'
import { type EvalSetFile, evalSetFile } from '../schema/evalset.ts'
import type { Injections } from '../schema/injections.ts'
import type { JudgingPolicy } from '../schema/policy.ts'
import type { World } from '../schema/world.ts'
import { type FiledCase, readCaseFiles } from './case-files.ts'
import { crossCheck } from './cross-check.ts'
import { readModules } from './evalset-modules.ts'
import { fileName, fileProblem, readText } from './folder-files.ts'
import { hashEvalSet } from './hash-evalset.ts'
import { type ParsedDocument, parseDocument } from './parse-document.ts'
import type { Checked, Problem } from './problem.ts'
import { readParts } from './read-parts.ts'
import { resolveCase } from './resolve-case.ts'

/** Where a case stands, and the hash of all that makes its trials comparable. */
interface CaseDefinition {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly definitionHash: string
}

/** An eval set, checked and resolved; nothing in it can fail to parse or compile any more. */
export interface LoadedEvalSet {
  readonly file: EvalSetFile
  readonly world: World
  readonly policy: JudgingPolicy
  readonly injections: Injections
  /** Sorted by id. */
  readonly cases: readonly EvalCase[]
  /** By case id. */
  readonly definitions: ReadonlyMap<string, CaseDefinition>
  /** Of everything resolved, whatever the layout of files, the comments and the order of keys. */
  readonly hash: string
  /** Files of the world's modules, relative to the folder, each once. */
  readonly modulePaths: readonly string[]
}

export type EvalSetResult =
  | { readonly ok: true; readonly evalSet: LoadedEvalSet }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads an eval set: `evalset.yaml`, its world, and what else is there of policy, injections and
 * cases. All problems of all files are told at once.
 */
export async function loadEvalSet(folder: Folder): Promise<EvalSetResult> {
  const main = await readMain(folder)
  if (!main.ok) return main
  const [parts, files] = await Promise.all([
    readParts(folder, main.value),
    readCaseFiles(folder, main.value),
  ])
  const modules = await readModules(folder, parts.world)
  const { world, policy, injections } = parts
  const problems = [
    ...crossCheck(main.value, parts, files),
    ...files.problems,
    ...(modules.ok ? [] : modules.problems),
  ]
  if (problems.length > 0 || !world.ok || !policy.ok || !injections.ok || !modules.ok) {
    return { ok: false, problems }
  }
  const resolved = resolve(files.cases, world.value.value)
  const value = {
    file: main.value.value,
    world: world.value.value,
    policy: policy.value.value,
    injections: injections.value.value,
    cases: resolved.map(({ evalCase }) => evalCase),
  }
  const { hash, definitions } = hashEvalSet({ ...value, modules: modules.value })
  const places = resolved.map(({ evalCase: { id }, position }) => {
    const definitionHash = definitions.get(id) ?? ''
    return [id, { ...position, definitionHash }] as const
  })
  const modulePaths = [...modules.value.keys()].sort()
  return { ok: true, evalSet: { ...value, definitions: new Map(places), hash, modulePaths } }
}

async function readMain(folder: Folder): Promise<Checked<ParsedDocument<EvalSetFile>>> {
  const text = await readText(folder, 'evalset.yaml')
  if (!text.ok) return text
  const file = fileName(folder, 'evalset.yaml')
  if (text.value !== undefined) return parseDocument({ text: text.value, file }, evalSetFile)
  const hint = 'an eval set is a folder with an evalset.yaml, a world.yaml and cases'
  return { ok: false, problems: [fileProblem(file, 'there is no such file', hint)] }
}

function resolve(
  cases: readonly FiledCase[],
  world: World,
): readonly { readonly evalCase: EvalCase; readonly position: FiledCase['position'] }[] {
  return cases
    .map(({ written, layer, position }) => ({
      evalCase: resolveCase(written, layer, world),
      position,
    }))
    .sort((a, b) => (a.evalCase.id < b.evalCase.id ? -1 : 1))
}
