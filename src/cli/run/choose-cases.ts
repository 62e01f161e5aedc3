import path from 'node:path'
import { standsBeside } from '../../metrics/collect-halves.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { loadEvalSet } from '../../suites/load-evalset.ts'
import type { CaseSelection } from '../../suites/select-cases.ts'
import { folderAtRef } from '../git/git.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { isUnfinished, newestRun } from '../run-folder/find-run.ts'
import { readManifest, readTrials } from '../run-folder/run-folder.ts'

/** What the command line says of the cases to run. */
export interface CaseChoice {
  readonly case?: readonly string[]
  readonly grep?: string
  readonly layer?: readonly string[]
  readonly tag?: readonly string[]
  readonly split?: readonly string[]
  readonly tier?: readonly number[]
  readonly changedSince?: string
  readonly lastFailed?: boolean
}

/** Where runs are looked for. */
export interface ChoiceContext {
  readonly project: Project
  readonly evalSet: ProjectEvalSet
  /** Absolute. */
  readonly output: string
}

/**
 * The selection that a command line asks for, with what git and earlier runs know filled in.
 *
 * @throws AgentEvalError (usage) for a commit that does not exist, or when there is no earlier run
 */
export async function chooseCases(
  choice: CaseChoice,
  context: ChoiceContext,
): Promise<CaseSelection> {
  const only = await knownIds(choice, context)
  return {
    ids: choice.case,
    grep: choice.grep,
    layers: choice.layer,
    tags: choice.tag,
    splits: choice.split,
    tiers: choice.tier,
    ...(only !== undefined && { only }),
  }
}

async function knownIds(
  { changedSince, lastFailed }: CaseChoice,
  context: ChoiceContext,
): Promise<CaseSelection['only']> {
  const changed =
    changedSince === undefined
      ? undefined
      : {
          ids: await changedCases(changedSince, context),
          why: `no case changed since ${changedSince}`,
        }
  if (lastFailed !== true) return changed
  const { ids, run } = await failedCases(context)
  const why = `no case failed in ${run}`
  if (changed === undefined) return { ids, why }
  return {
    ids: new Set([...ids].filter((id) => changed.ids.has(id))),
    why: `${changed.why}, or ${why}`,
  }
}

/**
 * Cases whose definition is another one than at a commit: themselves, or the world, policy or
 * module that they depend on. Where the set was not there, or could not be read, all of them are.
 */
async function changedCases(
  ref: string,
  { evalSet, project }: ChoiceContext,
): Promise<ReadonlySet<string>> {
  const folder = path.relative(project.cwd, evalSet.folder).split(path.sep).join('/')
  const then = await loadEvalSet(await folderAtRef(project.cwd, ref, folder === '' ? '.' : folder))
  const before = then.ok ? then.evalSet.definitions : new Map()
  const now = [...evalSet.loaded.definitions]
  return new Set(
    now
      .filter(([id, { definitionHash }]) => hashAt(before, id) !== definitionHash)
      .map(([id]) => id),
  )
}

function hashAt(
  definitions: ReadonlyMap<string, { readonly definitionHash: string }>,
  id: string,
): string | undefined {
  return definitions.get(id)?.definitionHash
}

/** Cases of the newest finished run in which a trial failed, an attack succeeded or a rule broke. */
async function failedCases({
  evalSet,
  output,
}: ChoiceContext): Promise<{ readonly ids: ReadonlySet<string>; readonly run: string }> {
  const folder = await newestRun(output, `finished run of ${evalSet.id}`, async (run) => {
    if (await isUnfinished(run)) return false
    const { cases, provenance } = await readManifest(run)
    // What failed in a holdout is not for looking at.
    return provenance.evalSet.id === evalSet.id && cases.every((one) => one.split !== 'holdout')
  })
  const ids = new Set<string>()
  const { options } = await readManifest(folder)
  for await (const line of readTrials(folder)) {
    // What a model does without its controls is no failure of the agent.
    if (standsBeside(line, options['mode'])) continue
    if (wentWrong(line)) ids.add(line.twinOf ?? line.case)
  }
  return { ids, run: path.basename(folder) }
}

function wentWrong({ attack, outcome, violations = [] }: TrialLine): boolean {
  return outcome === 'fail' || attack?.succeeded === true || violations.length > 0
}
