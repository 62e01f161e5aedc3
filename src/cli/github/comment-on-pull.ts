import { AgentEvalError } from '../../errors.ts'
import type { Outside } from '../../ports.ts'
import type { OnPass } from '../../report/markdown/comment-action.ts'
import { ciContext } from '../ci/ci-context.ts'
import type { Io } from '../io.ts'
import { renderError } from '../print/render-error.ts'
import type { Reported, ReportedDocuments } from '../print/reported-documents.ts'
import type { ApiFailure, GitHubAccess } from './ask-github.ts'
import { commentTarget, type TargetOptions } from './comment-target.ts'
import { type CommentMaterial, draftComments, evalSetOf, tryComment } from './draft-comments.ts'
import { findPull } from './find-pull.ts'
import { githubApi } from './github-api.ts'
import { setOutput } from './job-files.ts'
import { openAccess } from './open-access.ts'
import { postComments } from './post-comments.ts'
import { readEvent } from './read-event.ts'
import { showable } from './showable.ts'
import { tellNowhere, tellPosted, tellUnsaid } from './tell-posted.ts'
import { whyUnsaid } from './why-unsaid.ts'

export interface CommentOptions extends TargetOptions {
  readonly onPass: OnPass
  /** Eval sets that must have a result. */
  readonly evalset?: readonly string[]
  /** Whose comments are ours, for the token of an app of one's own. */
  readonly author?: string
}

interface Means {
  readonly options: CommentOptions
  readonly io: Io
  readonly outside: Outside
}

/**
 * Puts results on the pull request that they belong to, one comment for each eval set.
 *
 * Never a verdict: that was made by whoever ran the eval set. Whatever GitHub does or refuses is a
 * warning, the text goes where it can be read all the same, and the output `commented` of the step says
 * `false`, for a job that wants to be red then. A result that cannot be shown is told as one that is not there,
 * and exits 4.
 *
 * @throws AgentEvalError (usage) where nobody says which repository, commit or token
 */
export async function commentOnPull(documents: ReportedDocuments, means: Means): Promise<void> {
  const { io, options, outside } = means
  const chosen = commentTarget(options, io.env, await readEvent(io.env['GITHUB_EVENT_PATH']))
  if (chosen.kind === 'no-pull') {
    tellNowhere('what started this job has no pull request', io)
    return
  }
  const access = openAccess(outside)
  const material = await materialOf(documents, { ...means, target: chosen.target })
  const isSaid =
    access === undefined
      ? await giveUp(undefined, material, io)
      : await comment(material, access, means)
  await setOutput(io, 'commented', isSaid ? 'true' : 'false')
}

async function materialOf(
  documents: ReportedDocuments,
  { io, options, target }: Means & Pick<CommentMaterial, 'target'>,
): Promise<CommentMaterial> {
  const ci = await ciContext(io, { commit: target.headSha, runUrl: target.runUrl })
  const common = {
    ci,
    target: { ...target, runUrl: target.runUrl ?? ci?.runUrl },
    onPass: options.onPass,
  }
  const none = { ...common, expected: [], problems: [] }
  const { found, problems, unshowable } = showable(onePerSet(documents), (one) => {
    tryComment(one, none)
  })
  for (const problem of problems) io.stderr.write(renderError(problem))
  if (unshowable.length > 0) io.setExitCode(4)
  return {
    ...common,
    reported: found,
    expected: [...(options.evalset ?? []), ...unshowable.map(evalSetOf)],
    problems: problems.map(wordsOf),
  }
}

/** @returns whether GitHub took all that there was to say */
async function comment(
  material: CommentMaterial,
  access: GitHubAccess,
  { io, options: { author } }: Means,
): Promise<boolean> {
  const api = githubApi(material.target.repo, access)
  const found = await findPull(material.target, api)
  if (found.kind === 'failed') return giveUp(found.failure, material, io)
  if (found.kind === 'nowhere') {
    tellNowhere(found.why, io)
    return true
  }
  const { number } = found
  const work = { number, author, drafts: draftsFor(material) }
  const { failure, posted, unsaid } = await postComments(work, { api, access })
  if (failure === undefined || posted.length > 0) tellPosted(posted, { number, author }, io)
  if (failure === undefined) return true
  if (unsaid.length === 0) return giveUp(failure, material, io)
  await tellUnsaid({ why: whyUnsaid(failure), drafts: unsaid }, io)
  return false
}

function draftsFor(material: CommentMaterial): Parameters<typeof postComments>[0]['drafts'] {
  return (seen) => draftComments(material, seen)
}

/** Nothing could be asked: what is to be said is said without the pull request. */
async function giveUp(
  failure: ApiFailure | undefined,
  material: CommentMaterial,
  io: Io,
): Promise<boolean> {
  const drafts = draftComments(material, undefined)
  await tellUnsaid({ why: whyUnsaid(failure), drafts }, io)
  return false
}

/**
 * Two results for one comment: nobody knows which is meant, unless only one of them decides. The parts
 * of a run that several jobs share do not.
 */
function onePerSet({ found, problems }: ReportedDocuments): ReportedDocuments {
  const kept: Reported[] = []
  const doubled: AgentEvalError[] = []
  for (const evalSet of new Set(found.map(evalSetOf))) {
    const all = found.filter((one) => evalSetOf(one) === evalSet)
    const deciding = all.filter(hasDecided)
    const [only, ...more] = deciding.length === 1 ? deciding : all
    if (only !== undefined && more.length === 0) kept.push(only)
    else doubled.push(severalOf(evalSet, all))
  }
  return { found: kept, problems: [...problems, ...doubled] }
}

function hasDecided({ document }: Reported): boolean {
  return document.kind !== 'SkippedRun' && document.verdict !== undefined
}

function severalOf(evalSet: string, all: readonly Reported[]): AgentEvalError {
  const shown = all.slice(0, 3).map(({ from }) => from)
  return new AgentEvalError(`there are ${all.length} results of ${evalSet}`, 'input', {
    hint: `name the one that is meant: ${shown.join(', ')}`,
  })
}

function wordsOf({ message, source }: AgentEvalError): string {
  return source === undefined ? message : `${source.file}: ${message}`
}
