import { AgentEvalError } from '../../errors.ts'
import { readEvent } from '../github/read-event.ts'
import { commitOf, git, isInRepository, isShallow, requireCommit, whyGitFailed } from './git.ts'
import { requireSafeRef } from './git-ref.ts'
import { type PullRequest, pullRequestOf } from './pull-request.ts'

/** The commit that a change is measured against: its baseline and its rules count. */
export interface BaseCommit {
  readonly commit: string
  /** How reports call it, with the hash. */
  readonly name: string
}

export interface BaseRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** `--baseline`, as typed. */
  readonly source: string | undefined
}

const byMergeBase = 'git:merge-base:'
const byRef = 'git:'

/** Whether `--baseline` names a commit. */
export function namesCommit(source: string | undefined): boolean {
  return source?.startsWith(byRef) === true
}

/**
 * The commit whose baseline and rules hold: the one that `--baseline git:…` names, else on a pull
 * request the one that the change starts from.
 *
 * On a pull request a change may not bring its own yardstick. Its base is
 * - the first parent of the merge commit that the host made, where that is what is checked out; it
 *   is the very state that was merged with, and two commits of history are enough to see it;
 * - else the merge base with the target branch, in a clone that has the whole history: in a shallow
 *   one git may answer with an older commit and not say so (ocaml/ocaml#12862);
 * - else the commit that the host names.
 *
 * @returns `undefined` where the working tree's own baseline and rules count
 * @throws AgentEvalError (usage) when there is such a commit and it is not here, with the line that
 *   would bring it; for a name that is none
 */
export async function findBaseCommit({
  cwd,
  env,
  source,
}: BaseRequest): Promise<BaseCommit | undefined> {
  if (source?.startsWith(byMergeBase) === true) {
    return namedMergeBase(cwd, source.slice(byMergeBase.length))
  }
  if (source?.startsWith(byRef) === true) {
    const ref = source.slice(byRef.length)
    const commit = await requireCommit(cwd, ref)
    return { commit, name: named(ref, commit) }
  }
  const pullRequest = pullRequestOf(env)
  if (pullRequest === undefined) return undefined
  if (await isInRepository(cwd)) return baseOf(cwd, pullRequest)
  // Whoever names a baseline all the same has decided; nothing can be read from a commit here.
  if (source !== undefined) return undefined
  throw new AgentEvalError('this is a pull request, and here is no git repository', 'usage', {
    hint: 'its baseline and its rules are those of the merge base: check the repository out, or name a baseline with --baseline',
  })
}

async function namedMergeBase(cwd: string, ref: string): Promise<BaseCommit> {
  const target = await requireCommit(cwd, ref)
  const commit = await mergeBase(cwd, target, { name: ref, line: 'git fetch --unshallow' })
  return { commit, name: named(`merge base with ${ref}`, commit) }
}

async function baseOf(cwd: string, pullRequest: PullRequest): Promise<BaseCommit> {
  const { target } = pullRequest
  if (target !== undefined) requireSafeRef(target)
  const base =
    (await parentOfMerge(cwd, pullRequest)) ??
    (await queueBase(cwd, pullRequest)) ??
    (await targetMergeBase(cwd, pullRequest)) ??
    (await namedByHost(cwd, pullRequest))
  if (base !== undefined) return base
  throw new AgentEvalError('this is a pull request, and its base is not known', 'usage', {
    hint: 'name it: --baseline git:merge-base:origin/main',
  })
}

/** The first parent of the host's merge commit, where that is what is checked out. */
async function parentOfMerge(
  cwd: string,
  { mergeCommit, target }: PullRequest,
): Promise<BaseCommit | undefined> {
  const head = await requireCommit(cwd, 'HEAD')
  if (mergeCommit === undefined || head !== mergeCommit) return undefined
  // In a shallow clone git hides the parents; the commit itself still names them.
  const [first, second] = parentsIn(await git(cwd, 'cat-file', 'commit', head))
  if (first === undefined || second === undefined) return undefined
  const name = target === undefined ? 'merge base' : `merge base with ${target}`
  return present(cwd, first, { name, line: 'with: { fetch-depth: 2 }' })
}

function parentsIn(commit: string): readonly string[] {
  const [head = ''] = commit.split('\n\n')
  return head.split('\n').flatMap((line) => /^parent ([0-9a-f]{40,64})$/.exec(line)?.[1] ?? [])
}

/** What a merge queue builds on; GitHub tells it in the file that describes the event only. */
async function queueBase(cwd: string, { eventFile }: PullRequest): Promise<BaseCommit | undefined> {
  const base = (await readEvent(eventFile))?.merge_group?.base_sha
  if (base === undefined) return undefined
  return present(cwd, base, { name: 'base of the merge group', line: 'with: { fetch-depth: 0 }' })
}

/**
 * The merge base with the target branch.
 *
 * @returns `undefined` where the host names the base as well and it takes less history to trust
 * @throws AgentEvalError (usage) where it cannot be trusted, and nothing else says what the base is
 */
async function targetMergeBase(
  cwd: string,
  { base, host, target }: PullRequest,
): Promise<BaseCommit | undefined> {
  if (target === undefined) return undefined
  const line = wholeHistory[host]
  const tip = await tipOf(cwd, target)
  if (base !== undefined && (tip === undefined || (await isShallow(cwd)))) return undefined
  if (tip === undefined) {
    const fetching = `git fetch origin ${target}:refs/remotes/origin/${target}`
    throw notHere(`the branch ${target}`, (await isShallow(cwd)) ? line : fetching)
  }
  const commit = await mergeBase(cwd, tip, { name: target, line })
  return { commit, name: named(`merge base with ${target}`, commit) }
}

/** What brings the whole history, for each host to paste. */
const wholeHistory: Readonly<Record<PullRequest['host'], string>> = {
  github: 'with: { fetch-depth: 0 }',
  gitlab: 'variables: { GIT_DEPTH: "0" }',
  buildkite: 'git fetch --unshallow',
}

/** The target as the remote has it; a branch of that name here only where there is no remote. */
async function tipOf(cwd: string, target: string): Promise<string | undefined> {
  const remote = await commitOf(cwd, `refs/remotes/origin/${target}`)
  if (remote !== undefined || (await hasRemote(cwd))) return remote
  return commitOf(cwd, `refs/heads/${target}`)
}

async function hasRemote(cwd: string): Promise<boolean> {
  return (await git(cwd, 'remote')).trim() !== ''
}

async function namedByHost(
  cwd: string,
  { base, host }: PullRequest,
): Promise<BaseCommit | undefined> {
  if (base === undefined) return undefined
  return present(cwd, base, { name: 'base of the merge request', line: wholeHistory[host] })
}

interface Wanted {
  readonly name: string
  /** What to paste where it is not here. */
  readonly line: string
}

/** A commit that is known by its hash, if it is here. */
async function present(cwd: string, hash: string, { line, name }: Wanted): Promise<BaseCommit> {
  if (!/^[0-9a-f]{40,64}$/.test(hash)) throw new AgentEvalError(`"${hash}" is no commit`, 'usage')
  const commit = await commitOf(cwd, hash)
  if (commit === undefined) throw notHere(`the ${name}, ${short(hash)},`, line)
  return { commit, name: named(name, commit) }
}

async function mergeBase(cwd: string, target: string, { line, name }: Wanted): Promise<string> {
  if (await isShallow(cwd)) throw notHere(`the history up to the merge base with ${name}`, line)
  try {
    return (await git(cwd, 'merge-base', target, 'HEAD')).trim()
  } catch (cause) {
    throw new AgentEvalError(`HEAD has no merge base with ${name}`, 'usage', {
      hint: whyGitFailed(cause) ?? 'their histories have nothing in common',
      cause,
    })
  }
}

function notHere(what: string, line: string): AgentEvalError {
  const isOption = line.startsWith('with:') || line.startsWith('variables:')
  const where = line.startsWith('with:') ? 'add to actions/checkout' : 'add to the job'
  return new AgentEvalError(`${what} is not in this clone`, 'usage', {
    hint: isOption ? `${where}:  ${line}` : `fetch it first:  ${line}`,
  })
}

function named(name: string, commit: string): string {
  return `${name}, ${short(commit)}`
}

function short(commit: string): string {
  return commit.slice(0, 12)
}
