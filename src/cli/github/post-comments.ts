import {
  type CommentAction,
  type CommentDraft,
  commentAction,
  isMarked,
  type StandingComment,
} from '../../report/markdown/comment-action.ts'
import type { ApiComment, ApiPull } from './api-documents.ts'
import type { ApiFailure, GitHubAccess } from './ask-github.ts'
import type { ApiResult, GitHubApi } from './github-api.ts'
import { waitBeforeNextMs } from './wait-before-next.ts'

/** The author of whatever GITHUB_TOKEN writes. */
export const actionsBot = 'github-actions[bot]'

/** What was found on the pull request. */
export interface PullSeen {
  readonly pull: ApiPull
  readonly comments: readonly StandingComment[]
  /** Whose comments are ours. */
  readonly self: string
}

export interface CommentWork {
  /** Of the pull request. */
  readonly number: number
  /** Whose comments are ours, where the user says so. */
  readonly author: string | undefined
  readonly drafts: (seen: PullSeen) => readonly CommentDraft[]
}

/** What became of one draft. `comment`: as GitHub has it now, where something was written. */
export interface Posted {
  readonly draft: CommentDraft
  readonly action: CommentAction
  readonly comment?: ApiComment
}

export interface PostedComments {
  readonly posted: readonly Posted[]
  /** Drafts that GitHub did not take, and why; empty where it refused before any was made. */
  readonly unsaid: readonly CommentDraft[]
  readonly failure?: ApiFailure
}

interface Means {
  readonly api: GitHubApi
  readonly access: Pick<GitHubAccess, 'clock' | 'giveUpAtMs'>
}

/**
 * Writes the comments of a pull request, at most one for each eval set.
 *
 * After a failure that may pass it looks again before it writes again: a request without an answer may
 * have had its effect, and a newer commit may have come while this waited.
 */
export async function postComments(
  work: CommentWork,
  { access, api }: Means,
): Promise<PostedComments> {
  const done = new Map<string, Posted>()
  for (let attempt = 1; ; attempt += 1) {
    const seen = await look(work, api)
    // It has been asked for several times by then.
    if (!seen.ok) return { posted: [...done.values()], unsaid: [], failure: seen }
    const left = await postLeft(work, { api, seen: seen.value }, done)
    const waitMs = left.failure && waitBeforeNextMs(left.failure, attempt, access)
    if (waitMs === undefined) return { posted: [...done.values()], ...left }
    await access.clock.sleep(waitMs, new AbortController().signal)
  }
}

interface Look {
  readonly api: GitHubApi
  readonly seen: PullSeen
}

/** @param done - what is done already; takes what gets done now */
async function postLeft(
  { drafts, number }: CommentWork,
  look: Look,
  done: Map<string, Posted>,
): Promise<Omit<PostedComments, 'posted'>> {
  const open = drafts(look.seen).filter(({ evalSet }) => !done.has(evalSet))
  let failure: ApiFailure | undefined
  for (const draft of open) {
    const one = await post(draft, number, look)
    if (one.ok) done.set(draft.evalSet, one.value)
    else failure ??= one
    // What is wrong with this body need not be wrong with the next; anything else is.
    if (!one.ok && one.status !== 422) break
  }
  const unsaid = open.filter(({ evalSet }) => !done.has(evalSet))
  return { unsaid, ...(failure !== undefined && { failure }) }
}

/** The head is asked for last, right before something is written. */
async function look({ author, number }: CommentWork, api: GitHubApi): Promise<ApiResult<PullSeen>> {
  const listed = await api.comments(number)
  if (!listed.ok) return listed
  const comments = listed.value.map(standing)
  const self = await ownLogin(author, comments, api)
  if (!self.ok) return self
  const found = await api.pull(number)
  if (!found.ok) return found
  return { ok: true, value: { pull: found.value, comments, self: self.value } }
}

/** Asked only where it matters: with a marked comment there. */
async function ownLogin(
  author: string | undefined,
  comments: readonly StandingComment[],
  api: GitHubApi,
): Promise<ApiResult<string>> {
  if (author !== undefined) return { ok: true, value: author }
  if (!comments.some(isMarked)) return { ok: true, value: actionsBot }
  const login = await api.login()
  if (login.ok || (login.status !== 403 && login.status !== 404)) return login
  return { ok: true, value: actionsBot }
}

function standing({ body, id, user }: ApiComment): StandingComment {
  return { id, body: body ?? '', author: user ?? { login: '', type: 'User' } }
}

/**
 * Does what was decided.
 *
 * A push that comes between the look and the writing needs no second look: it starts a run of its own,
 * which finds this comment by its marker and puts its own result there.
 */
async function post(
  draft: CommentDraft,
  number: number,
  { api, seen }: Look,
): Promise<ApiResult<Posted>> {
  const { comments, pull, self } = seen
  const action = commentAction(draft, { headSha: pull.head.sha, comments, self })
  if (action.kind === 'leave' || action.kind === 'refuse') {
    return { ok: true, value: { draft, action } }
  }
  const written = await (action.kind === 'create'
    ? api.createComment(number, draft.body)
    : api.updateComment(action.id, draft.body))
  return written.ok ? { ok: true, value: { draft, action, comment: written.value } } : written
}
