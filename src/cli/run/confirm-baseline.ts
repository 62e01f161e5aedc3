import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { asJson } from '../../schema/json.ts'
import { hashOf } from '../../text/hash.ts'
import type { FoundBaseline } from '../at-base/baseline-source.ts'
import {
  type CandidateChoice,
  type OpenedCandidate,
  openCandidate,
} from '../candidate/candidate-file.ts'
import { git, isUncommitted, whyGitFailed } from '../git/git.ts'
import { type OpenWorktree, openWorktree } from '../git/with-worktree.ts'
import type { Io } from '../io.ts'
import { openEvalSet, openProject, type Project, type ProjectEvalSet } from '../project.ts'
import type { Shell } from './prepare-run.ts'
import { requireProgram } from './require-program.ts'
import type { RunOptions } from './run-options.ts'

/** Whose baseline is to be measured again. */
export interface BaselineSubject {
  readonly evalSet: ProjectEvalSet
  readonly baseline: FoundBaseline
}

/** The agent of the baseline, and the code that it may need while it runs. */
export interface BaselineAgent extends OpenedCandidate {
  /** To be called once nothing of it runs any more. */
  readonly close: () => Promise<void>
}

function closedBy({ close }: OpenWorktree): (error: unknown) => Promise<never> {
  return async (error) => {
    await close()
    throw error
  }
}

/**
 * The agent configuration that the baseline was measured with, as it stands at the baseline's commit:
 * the one that it was read from, or, of a file on disk, the one that last changed it.
 *
 * @throws AgentEvalError (usage) where there is no such commit, or no such configuration in it: then
 *   nobody knows what to run again
 */
export async function candidateOfBaseline(
  subject: BaselineSubject,
  shell: Shell,
): Promise<BaselineAgent> {
  const { cwd } = shell.io
  try {
    const commit = await commitOfBaseline(subject, shell.io)
    const tree = await openWorktree({ cwd, commit })
    const found = await findIn(tree.folder, subject, shell).catch(closedBy(tree))
    if (found !== undefined && needsFiles(found)) {
      await readyIn(tree, found, shell.io).catch(closedBy(tree))
      return { ...found, close: tree.close }
    }
    await tree.close()
    if (found !== undefined) return { ...found, close: () => Promise.resolve() }
    const what = `the agent of the baseline is not the one of commit ${commit.slice(0, 12)}`
    throw impossible(
      what,
      'commit an agent and its baseline together: npx agent-eval baseline update',
    )
  } catch (cause) {
    if (cause instanceof AgentEvalError) throw cause
    const why = whyGitFailed(cause)
    if (why === undefined) throw cause
    throw impossible(why, 'in CI, check out with fetch-depth: 0 so that other commits are there')
  }
}

/** Its program or its policies are files of that commit. */
function needsFiles({ candidate: { policy, target } }: OpenedCandidate): boolean {
  return [target, policy.opa, policy.cedar].some((one) => one !== undefined)
}

/** Sees to it that the program of an agent can be started where its commit is checked out. */
async function readyIn(
  tree: OpenWorktree,
  { candidate: { target }, folder }: OpenedCandidate,
  { env }: Io,
): Promise<void> {
  await tree.linkPackages(folder)
  if (target === undefined) return
  try {
    await requireProgram(target, { folder, env })
  } catch (cause) {
    if (!(cause instanceof AgentEvalError)) throw cause
    throw impossible(
      `at its commit ${cause.message}`,
      'what a commit does not hold is not there, but for node_modules: name a program of the PATH',
    )
  }
}

async function commitOfBaseline({ baseline }: BaselineSubject, { cwd }: Io): Promise<string> {
  const { committed, from } = baseline
  if (committed === undefined) {
    throw impossible(`${from} is of no commit`, 'name a committed baseline, or git:REF')
  }
  const { commit, file } = committed
  if (commit !== undefined) return commit
  const last = (await git(cwd, 'log', '-1', '--format=%H', 'HEAD', '--', file)).trim()
  if (last !== '' && !(await isUncommitted(cwd, file))) return last
  throw impossible(`${file} is not committed`, 'commit the baseline and its agent together')
}

function impossible(why: string, hint: string): AgentEvalError {
  return new AgentEvalError(`--confirm cannot measure the baseline again: ${why}`, 'usage', {
    hint,
  })
}

/**
 * A baseline may have been measured with the agent that the eval set names, or with another one that
 * was named on the command line, and with the overrides of it or without: the hash tells which.
 */
async function findIn(
  tree: string,
  { baseline, evalSet }: BaselineSubject,
  { io, options }: Shell,
): Promise<OpenedCandidate | undefined> {
  const candidateHash = baseline.arm.provenance.candidate.hash
  const inTree = (file: string): string => path.resolve(tree, path.relative(io.cwd, file))
  const project = await projectIn(tree, options, io)
  const there = { ...evalSet, folder: inTree(evalSet.folder) }
  const sets = [there, ...(await setAsItWas(project, there))]
  for (const choice of choicesOf(options, (file) => inTree(path.resolve(io.cwd, file)))) {
    for (const set of sets) {
      const found = await candidateIfThere(project, set, choice)
      if (found !== undefined && hashOf(asJson(found.candidate)) === candidateHash) return found
    }
  }
  return undefined
}

function projectIn(tree: string, { config }: RunOptions, io: Io): Promise<Project> {
  const named =
    config === undefined ? undefined : path.relative(io.cwd, path.resolve(io.cwd, config))
  return openProject(named, { ...io, cwd: tree })
}

/** The eval set may have named another agent then. */
async function setAsItWas(
  project: Project,
  { folder }: ProjectEvalSet,
): Promise<readonly ProjectEvalSet[]> {
  try {
    return [await openEvalSet(project, folder)]
  } catch (error) {
    if (error instanceof AgentEvalError) return []
    throw error
  }
}

function choicesOf(
  { candidate, model = [], set = [] }: CandidateChoice,
  inTree: (file: string) => string,
): readonly CandidateChoice[] {
  const overrides = [{ model, set }, { model }, {}]
  const files = [{}, ...(candidate === undefined ? [] : [{ candidate: inTree(candidate) }])]
  return files.flatMap((file) => overrides.map((one) => ({ ...file, ...one })))
}

async function candidateIfThere(
  project: Project,
  evalSet: ProjectEvalSet,
  choice: CandidateChoice,
): Promise<OpenedCandidate | undefined> {
  try {
    return await openCandidate(project, evalSet, choice)
  } catch (error) {
    if (error instanceof AgentEvalError) return undefined
    throw error
  }
}
