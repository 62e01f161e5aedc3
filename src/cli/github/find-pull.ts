import { isSameCommit } from '../../report/markdown/comment-action.ts'
import type { ApiPull } from './api-documents.ts'
import type { ApiFailure } from './ask-github.ts'
import type { CommentTarget } from './comment-target.ts'
import type { ApiResult, GitHubApi } from './github-api.ts'

/** `nowhere`: nothing to comment on, and why, in words. */
export type FoundPull =
  | { readonly kind: 'pull'; readonly number: number }
  | { readonly kind: 'nowhere'; readonly why: string }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }

/**
 * The pull request that a commit is the head of.
 *
 * GitHub knows the pull requests of a commit only where the commit is in the repository itself. That of
 * a fork is found among the open ones.
 */
export async function findPull(target: CommentTarget, api: GitHubApi): Promise<FoundPull> {
  if (target.number !== undefined) return { kind: 'pull', number: target.number }
  const known = await pullsOfCommit(target, api)
  if (!known.ok) return { kind: 'failed', failure: known }
  const listed = known.value.length > 0 ? known : await api.openPulls()
  if (!listed.ok) return { kind: 'failed', failure: listed }
  return onlyOne(listed.value, target)
}

async function pullsOfCommit(
  { headSha }: CommentTarget,
  api: GitHubApi,
): Promise<ApiResult<readonly ApiPull[]>> {
  const known = await api.pullsOfCommit(headSha)
  // 422: no commit of the repository, so that of a fork.
  return !known.ok && known.status === 422 ? { ok: true, value: [] } : known
}

function onlyOne(listed: readonly ApiPull[], target: CommentTarget): FoundPull {
  const commit = target.headSha.slice(0, 12)
  const [only, ...more] = listed.filter((pull) => isHeadOf(pull, target))
  if (only === undefined) {
    return { kind: 'nowhere', why: `no pull request has the head ${commit} (any more)` }
  }
  if (more.length === 0) return { kind: 'pull', number: only.number }
  const numbers = [only, ...more].map(({ number }) => `#${number}`).join(', ')
  return {
    kind: 'nowhere',
    why: `${numbers} have the same head ${commit}; say which one is meant with --pr`,
  }
}

function isHeadOf({ head }: ApiPull, { headSha, origin }: CommentTarget): boolean {
  if (!isSameCommit(head.sha, headSha)) return false
  if (origin === undefined) return true
  const repo = head.repo?.full_name.toLowerCase()
  return head.ref === origin.branch && repo === origin.repo.toLowerCase()
}
