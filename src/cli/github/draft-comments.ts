import path from 'node:path'
import {
  type CommentDraft,
  commentedSets,
  disagreement,
  newsOf,
  type OnPass,
} from '../../report/markdown/comment-action.ts'
import { commentMarker } from '../../report/markdown/comment-marker.ts'
import { markdown } from '../../report/markdown/markdown.ts'
import { renderDisagreement, renderNoResult } from '../../report/markdown/no-result.ts'
import { renderSkippedRun } from '../../report/markdown/skipped-run.ts'
import type { ReportContext } from '../../report/reporter.ts'
import { repositoryPath } from '../../report/repository-path.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import type { CiContext } from '../ci/ci-context.ts'
import { reportContext } from '../print/report-context.ts'
import type { Reported } from '../print/reported-documents.ts'
import type { CommentTarget } from './comment-target.ts'
import type { PullSeen } from './post-comments.ts'

/** Everything that comments are made of but the pull request itself. */
export interface CommentMaterial {
  /** At most one of an eval set. */
  readonly reported: readonly Reported[]
  /** Eval sets that must have a result. */
  readonly expected: readonly string[]
  /** Why something that was to be reported could not be read. */
  readonly problems: readonly string[]
  readonly target: CommentTarget
  readonly onPass: OnPass
  readonly ci: CiContext | undefined
}

/**
 * The comments that belong on the pull request: one for each eval set that has a result or was to have
 * one. Where something could not be read, what stands there of other eval sets is out of date too.
 *
 * @param seen - absent where GitHub could not be asked; nothing is linked then
 */
export function draftComments(
  material: CommentMaterial,
  seen: PullSeen | undefined,
): readonly CommentDraft[] {
  const { problems, reported } = material
  const drafts = reported.map((one) => draftOf(one, material, seen))
  // What stands there is known by its marker, which need not be the whole id.
  const known = new Set(drafts.map(({ evalSet }) => commentMarker(evalSet)))
  const outdated = problems.length > 0 && seen !== undefined ? commentedSets(seen) : []
  const lost = [...new Set([...material.expected, ...outdated])].filter((id) => {
    return !known.has(commentMarker(id))
  })
  const without = lost.sort().map((evalSet) => withoutResult(evalSet, problems, material))
  return [...drafts, ...without].map((draft) => withOrigin(draft, material, seen))
}

function draftOf(
  one: Reported,
  material: CommentMaterial,
  seen: PullSeen | undefined,
): CommentDraft {
  const { onPass, target } = material
  const { conclusion, headSha, runUrl } = target
  const evalSet = evalSetOf(one)
  const says = disagreement(one.document, conclusion)
  if (says !== undefined && conclusion !== undefined) {
    const body = renderDisagreement({ evalSet, commit: headSha, says, conclusion, runUrl })
    return { evalSet, body, headSha, onPass, news: 'alarm' }
  }
  const news = newsOf(one.document)
  return { evalSet, body: render(one, material, seen), headSha, onPass, news }
}

/**
 * Makes of a document all that a comment may need.
 *
 * @throws whatever a renderer throws that nobody expected
 */
export function tryComment(one: Reported, material: Omit<CommentMaterial, 'reported'>): void {
  draftOf(one, { ...material, reported: [] }, undefined)
}

function withoutResult(
  evalSet: string,
  why: readonly string[],
  { onPass, target: { headSha, runUrl } }: CommentMaterial,
): CommentDraft {
  const body = renderNoResult({ evalSet, commit: headSha, why, runUrl })
  return { evalSet, body, headSha, onPass, news: 'alarm' }
}

const ofFork =
  '<sub>Measured by the job of the change itself; only the required status check decides.</sub>'

/** Whoever writes a change in a repository of their own also writes what its job says of it. */
function withOrigin(
  draft: CommentDraft,
  { target }: CommentMaterial,
  seen: PullSeen | undefined,
): CommentDraft {
  return isOfFork(target, seen)
    ? { ...draft, body: `${draft.body.trimEnd()}\n\n${ofFork}\n` }
    : draft
}

function isOfFork({ origin, repo }: CommentTarget, seen: PullSeen | undefined): boolean {
  if (seen === undefined) return origin !== undefined && isOther(origin.repo, repo)
  const { base, head } = seen.pull
  return isOther(head.repo?.full_name ?? '', base.repo.full_name)
}

function isOther(one: string, other: string): boolean {
  return one.toLowerCase() !== other.toLowerCase()
}

/** The eval set that a document is about. */
export function evalSetOf({ document }: Pick<Reported, 'document'>): string {
  const { provenance } = document.kind === 'Comparison' ? document.candidate : document
  return provenance.evalSet.id
}

function render(
  { document, from, manifest }: Reported,
  { ci, target }: CommentMaterial,
  seen: PullSeen | undefined,
): string {
  if (document.kind === 'SkippedRun') {
    return renderSkippedRun(document, 'markdown', {
      commit: target.headSha,
      runUrl: target.runUrl,
    })
  }
  const folder = ci?.repositoryFolder ?? ''
  const path = manifest === undefined ? undefined : reachable(from)
  const known = reportContext(document, { path, manifest, ci })
  const result = withLinkableFiles(document, folder)
  return markdown.render({ result, context: { ...known, ...placesOf(target, seen) } })
}

/** Links are built from the repository that GitHub named and the commit that was judged. */
function placesOf(
  { headSha, runUrl }: CommentTarget,
  seen: PullSeen | undefined,
): Partial<ReportContext> {
  const repository = seen?.pull.base.repo.html_url
  return {
    commit: headSha,
    runUrl,
    caseFileUrl: repository === undefined ? undefined : `${repository}/blob/${headSha}/`,
  }
}

/** Without the places of cases that lie outside of the repository. */
function withLinkableFiles<R extends RunResult | Comparison>(result: R, folder: string): R {
  if (result.kind === 'Comparison') return result
  const cases = result.cases.map(({ file, ...one }) => {
    const inside = file === undefined ? undefined : repositoryPath(file, folder)
    return inside === undefined ? one : { ...one, file: inside }
  })
  return { ...result, cases }
}

/** A reader cannot follow a path out of the folder that was worked in. */
function reachable(run: string): string | undefined {
  const isOutside = path.isAbsolute(run) || path.normalize(run).startsWith('..')
  return isOutside ? undefined : run
}
