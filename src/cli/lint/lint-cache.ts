import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { PolicyEngines } from '../../controls/controls.ts'
import { type LintResult, lintResult } from '../../schema/lint-result.ts'
import { isoDate } from '../../schema/names.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'
import { sha256 } from '../../text/hash.ts'
import { isMissing } from '../outside/node-folder.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from '../project.ts'
import { isInKey, type LintPlace, lintKey } from './lint-key.ts'

/** What was found, and whether it was found before. */
export interface Linted {
  readonly result: LintResult
  /** The eval set as the user would type it. */
  readonly name: string
  readonly isCached: boolean
}

export interface LintRequest {
  readonly project: Project
  /** Absolute. */
  readonly folder: string
  /**
   * Play every case again, whatever is known. So it is in CI: there the cache may have come with the
   * pull request that is to be judged.
   */
  readonly afresh?: boolean
  /** The eval set where it is loaded already; otherwise it is opened only if nothing is known. */
  readonly evalSet?: ProjectEvalSet
}

/** What lint says of an eval set that a command has opened: from the cache, or found afresh. */
export async function lintOf(
  evalSet: ProjectEvalSet,
  project: Project,
  afresh: boolean,
): Promise<LintResult> {
  const { result } = await lintFolder({ project, folder: evalSet.folder, evalSet, afresh })
  return result
}

/**
 * What lint says of the eval set in a folder.
 *
 * With a known answer no YAML is parsed and nothing of the pipeline is loaded. What stands in the
 * cache file is checked like any document; a broken one is as good as none.
 *
 * @throws AgentEvalError (input) with every problem of the eval set's files
 */
export async function lintFolder({
  afresh = false,
  evalSet,
  folder,
  project,
}: LintRequest): Promise<Linted> {
  const place = placeOf(project, folder)
  const key = await keyOf(place)
  const file = cacheFile(project, place)
  const known =
    afresh || key === undefined ? undefined : await readCache(file, { key, today: project.today })
  if (known !== undefined) return { result: known, name: place.shown, isCached: true }

  const opened = evalSet ?? (await openEvalSet(project, folder))
  const result = await lintFresh(opened, project)
  // Files that changed meanwhile may have been read before or after they did.
  const isWhole = isCoveredByKey(opened.loaded)
  if (isWhole && key !== undefined && key === (await keyOf(place)))
    await writeCache(file, { key, result, ...expiry(opened.loaded) })
  return { result, name: place.shown, isCached: false }
}

/**
 * What is known of the eval set in a folder without playing a case: what stands in the cache for its files
 * as they are now.
 */
export async function knownLint({
  folder,
  project,
}: Pick<LintRequest, 'folder' | 'project'>): Promise<LintResult | undefined> {
  const place = placeOf(project, folder)
  const key = await keyOf(place)
  if (key === undefined) return undefined
  return readCache(cacheFile(project, place), { key, today: project.today })
}

async function lintFresh(evalSet: ProjectEvalSet, project: Project): Promise<LintResult> {
  const [{ lintEvalSet }, { loadModuleTools }] = await Promise.all([
    import('../../lint/lint-evalset.ts'),
    import('../candidate/module-tools.ts'),
  ])
  const { cedar, opa } = evalSet.loaded.policy
  const isPlain = cedar === undefined && opa === undefined
  return lintEvalSet({
    evalSet: evalSet.loaded,
    modules: await loadModuleTools(evalSet),
    ...(!isPlain && { engines: await judgingEngines(evalSet, project) }),
  })
}

/** Loaded only where they are needed, with all that they bring. */
async function judgingEngines(evalSet: ProjectEvalSet, project: Project): Promise<PolicyEngines> {
  const [{ openEngines }, { nodeOutside }] = await Promise.all([
    import('../candidate/open-engines.ts'),
    import('../outside/outside.ts'),
  ])
  return openEngines({ evalSet, project }, nodeOutside(project))
}

/** What a server of policies decides is in no file. */
function isCoveredByKey(loaded: LoadedEvalSet): boolean {
  return loaded.policy.opa?.url === undefined && partsOf(loaded).every(isInKey)
}

/** Every path that an eval set's own file names, as far as lint's answer depends on it. */
function partsOf({ file, modulePaths, policyPaths }: LoadedEvalSet): readonly string[] {
  const { cases, injections, policy, world } = file
  return [cases, injections, policy, world, ...modulePaths, ...policyPaths]
}

const cached = z.strictObject({
  key: z.string(),
  /** The last day on which the answer holds: then the first quarantine expires. */
  until: isoDate.optional(),
  result: lintResult,
})
type Cached = z.infer<typeof cached>

async function readCache(
  file: string,
  { key, today }: { readonly key: string; readonly today: string },
): Promise<LintResult | undefined> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
  const { data } = cached.safeParse(value)
  if (data === undefined || data.key !== key) return undefined
  return data.until !== undefined && today > data.until ? undefined : data.result
}

/** Where it cannot be written, the next lint takes as long as this one. */
async function writeCache(file: string, document: Cached): Promise<void> {
  const { writeDocument } = await import('../run-folder/run-folder.ts')
  try {
    await writeDocument(file, document)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}

function expiry({ cases }: LoadedEvalSet): Pick<Cached, 'until'> {
  const days = cases.flatMap(({ status }) =>
    typeof status === 'object' ? [status.quarantined.expires] : [],
  )
  const [first] = days.sort()
  return first === undefined ? {} : { until: first }
}

function placeOf(project: Project, folder: string): LintPlace {
  return {
    folder,
    shown: path.relative(project.cwd, folder) || '.',
    output: path.resolve(project.cwd, project.config.output),
  }
}

/** A folder that is not there has no key; whoever opens it says so. */
async function keyOf(place: LintPlace): Promise<string | undefined> {
  try {
    return await lintKey(place)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/**
 * A file an eval set, next to the runs. Named after the folder and not after the set's id, which
 * nobody knows before the YAML is read.
 */
function cacheFile(project: Project, { folder, output }: LintPlace): string {
  const inProject = path.relative(project.root, folder).split(path.sep).join('/')
  return path.join(output, 'lint', `${path.basename(folder)}-${sha256(inProject).slice(0, 8)}.json`)
}
