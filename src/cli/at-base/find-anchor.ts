import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { BaseCommit } from '../git/merge-base.ts'
import { findBaseCommit, namesCommit } from '../git/merge-base.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { baselineAt, type FoundBaseline, readArm } from './baseline-source.ts'
import type { EvalSetAtBase } from './evalset-at-base.ts'
import { projectAtBase } from './evalset-at-base.ts'

export interface AnchorRequest {
  /** With the rules that hold. */
  readonly evalSet: ProjectEvalSet
  readonly project: Project
  readonly configFile: string | undefined
  /** The base of the change, and the eval set there. */
  readonly base: BaseCommit | undefined
  readonly atBase: EvalSetAtBase | undefined
}

/**
 * The last release, where the rules name one: what a candidate is compared with besides its baseline.
 *
 * A file that the base's rules name is read at the base, like the baseline: a change may not bring its
 * own.
 *
 * @throws AgentEvalError when the rules name one and it is not there, cannot be read, or is of another
 *   eval set: a comparison that everybody believes in must not be left out in silence
 */
export async function findAnchor(request: AnchorRequest): Promise<FoundBaseline | undefined> {
  const { evalSet } = request
  const { anchor } = evalSet.loaded.file.gate
  if (anchor === undefined) return undefined
  const found = namesCommit(anchor)
    ? await anchorAtCommit(request, anchor)
    : await anchorFile(request, anchor)
  if (found === undefined) throw wrong(anchor, 'there is no such baseline')
  const { id } = found.arm.provenance.evalSet
  if (id === evalSet.id) return found
  throw wrong(anchor, `is a baseline of eval set "${id}", not of "${evalSet.id}"`)
}

/** The set's own baseline, at a tag. */
async function anchorAtCommit(
  { configFile = 'agent-eval.yaml', evalSet, project }: AnchorRequest,
  anchor: string,
): Promise<FoundBaseline | undefined> {
  const { cwd } = project
  const base = await findBaseCommit({ cwd, env: {}, source: anchor })
  if (base === undefined) return undefined
  const folder = path.relative(cwd, evalSet.folder)
  const found = await projectAtBase({ cwd, base, id: evalSet.id, folder, configFile })
  if (found.evalSet === undefined) return undefined
  return baselineAt(cwd, base.commit, found.evalSet.baselineFile)
}

async function anchorFile(
  { atBase, base, evalSet, project }: AnchorRequest,
  anchor: string,
): Promise<FoundBaseline | undefined> {
  if (base !== undefined && atBase?.file.gate.anchor === anchor) {
    return baselineAt(project.cwd, base.commit, path.posix.join(atBase.folder, anchor))
  }
  const file = path.resolve(evalSet.folder, anchor)
  if (path.relative(evalSet.folder, file).startsWith('..')) {
    throw wrong(anchor, 'leads out of the eval set')
  }
  return readArm(path.relative(project.cwd, file), project.cwd)
}

function wrong(anchor: string, message: string): AgentEvalError {
  return new AgentEvalError(message, 'input', {
    source: { file: anchor },
    hint: 'it is the anchor that evalset.yaml names',
  })
}
