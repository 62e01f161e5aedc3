import type { Comparison, RunResult } from '../../schema/run-result.ts'
import type { SkippedRun } from '../../schema/skipped-run.ts'
import { commentMarker } from './comment-marker.ts'

/** A comment as it stands on a pull request. */
export interface StandingComment {
  readonly id: number
  readonly body: string
  readonly author: CommentAuthor
}

interface CommentAuthor {
  readonly login: string
  /** `User`, `Bot` and others. */
  readonly type: string
}

/** What there is to say: `skipped` is a run that did not have to be made, which is no news either. */
export type News = 'pass' | 'skipped' | 'alarm'

/** What to do with a pass: change the comment that is there, write one in any case, or nothing. */
export type OnPass = 'update' | 'always' | 'never'

export interface CommentDraft {
  readonly evalSet: string
  /** Its first line is the marker of the eval set. */
  readonly body: string
  /** The commit that was judged. */
  readonly headSha: string
  readonly news: News
  readonly onPass: OnPass
}

export interface PullState {
  readonly headSha: string
  readonly comments: readonly StandingComment[]
  /** Whose comments are ours. */
  readonly self: string
}

/** `others`: more comments of ours for the same eval set, which two jobs wrote at the same time. */
export type CommentAction =
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly id: number; readonly others: number }
  | { readonly kind: 'leave'; readonly why: 'unchanged' | 'pass'; readonly others: number }
  | { readonly kind: 'refuse'; readonly newHead: string }

/**
 * What becomes of the comment of one eval set.
 *
 * Nothing is written for a commit that is no longer the head: a run of an old commit that ends late
 * would stand where the newer one's result belongs.
 */
export function commentAction(draft: CommentDraft, pull: PullState): CommentAction {
  if (!isSameCommit(draft.headSha, pull.headSha)) return { kind: 'refuse', newHead: pull.headSha }
  const ours = ourComments(draft.evalSet, pull)
  const newest = ours.at(-1)
  const others = Math.max(0, ours.length - 1)
  if (draft.news !== 'alarm' && draft.onPass === 'never') {
    return { kind: 'leave', why: 'pass', others }
  }
  if (newest === undefined) {
    const isWanted = draft.news === 'alarm' || draft.onPass === 'always'
    return isWanted ? { kind: 'create' } : { kind: 'leave', why: 'pass', others }
  }
  if (asStored(newest.body) === asStored(draft.body)) {
    return { kind: 'leave', why: 'unchanged', others }
  }
  return { kind: 'update', id: newest.id, others }
}

/**
 * What a document is to a reviewer. Only a plain pass is no news: a first run, a run that decided
 * nothing or could not be made, and a change of the rules or the baseline that decide are to be seen.
 */
export function newsOf(document: RunResult | Comparison | SkippedRun): News {
  if (document.kind === 'SkippedRun') return document.why === 'fork' ? 'alarm' : 'skipped'
  const { verdict } = document
  const isPlain = verdict?.status === 'pass' && !verdict.firstRun
  return isPlain && (verdict.rules?.changes ?? []).length === 0 ? 'pass' : 'alarm'
}

/**
 * What a document says that the run it comes from denies: that nothing is wrong, where the run failed.
 *
 * @param conclusion - how the run ended, by GitHub's word; `undefined` where that is not known
 */
export function disagreement(
  document: RunResult | Comparison | SkippedRun,
  conclusion: string | undefined,
): 'pass' | 'skipped' | undefined {
  if (conclusion === undefined || conclusion === 'success') return undefined
  if (document.kind !== 'SkippedRun') {
    return document.verdict?.status === 'pass' ? 'pass' : undefined
  }
  // A fork's run may fail by what it says itself.
  const exitCode = document.why === 'fork' ? document.fork?.exitCode : 0
  return exitCode === 3 ? undefined : 'skipped'
}

/**
 * The eval sets of which comments of ours stand there, each once, sorted.
 *
 * For a run that left no result: whatever stands there speaks of another commit.
 */
export function commentedSets({ comments, self }: Pick<PullState, 'comments' | 'self'>): string[] {
  const ids = comments.flatMap(({ author, body }) => {
    const id = markedSet(body)
    return id === undefined || !isBy(author, self) ? [] : [id]
  })
  return [...new Set(ids)].sort()
}

/** Whether some comment has a marker of ours on its first line, whoever wrote it. */
export function isMarked({ body }: Pick<StandingComment, 'body'>): boolean {
  return markedSet(body) !== undefined
}

export function isSameCommit(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Oldest first: GitHub counts comments upwards. */
function ourComments(evalSet: string, { comments, self }: PullState): readonly StandingComment[] {
  const marker = commentMarker(evalSet)
  return comments
    .filter(({ author, body }) => firstLine(body) === marker && isBy(author, self))
    .toSorted((a, b) => a.id - b.id)
}

/**
 * Anybody can paste the marker, so that only the author tells. A login that ends in `[bot]` cannot be
 * registered by a person; the type is asked for all the same.
 */
function isBy({ login, type }: CommentAuthor, self: string): boolean {
  if (login.toLowerCase() !== self.toLowerCase()) return false
  return !login.endsWith('[bot]') || type === 'Bot'
}

const anyMarker = /^<!-- agent-eval:comment v1 evalset=([A-Za-z0-9._-]{1,200}) -->$/

function markedSet(body: string): string | undefined {
  return anyMarker.exec(firstLine(body))?.[1]
}

function firstLine(body: string): string {
  const end = body.indexOf('\n')
  return (end === -1 ? body : body.slice(0, end)).replace(/\r$/, '')
}

/** Hosts change line ends and drop white space at the end. */
function asStored(body: string): string {
  return body.replace(/\r\n/g, '\n').trimEnd()
}
