import { AgentEvalError } from '../../errors.ts'
import { linkAddress } from '../../text/link-address.ts'
import type { EventFile } from './read-event.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What the command line says about where to comment. */
export interface TargetOptions {
  readonly repo?: string
  readonly pr?: number
  readonly headSha?: string
  readonly runUrl?: string
}

/** The pull request that a result belongs to, as far as it is known before GitHub is asked. */
export interface CommentTarget {
  /** `owner/name`. */
  readonly repo: string
  /** The commit that was judged: no comment is written for another head. */
  readonly headSha: string
  readonly number: number | undefined
  /** Where the change came from, for a job that knows no number. */
  readonly origin: { readonly repo: string; readonly branch: string } | undefined
  /** The run that the result is of, where it is not this job. */
  readonly runUrl: string | undefined
  /** How the run ended that left the result, by GitHub's word: `success`, `failure` and others. */
  readonly conclusion: string | undefined
}

/** `no-pull`: what started this job has no pull request, as a push to main. */
export type TargetChoice =
  | { readonly kind: 'target'; readonly target: CommentTarget }
  | { readonly kind: 'no-pull' }

/**
 * Reads the pull request from the command line and from what GitHub says of the event. Nothing of it is
 * ever taken from a result: that may come from a fork.
 *
 * @param event - absent outside of GitHub
 * @throws AgentEvalError (usage) where repository or commit are neither said nor known
 */
export function commentTarget(
  options: TargetOptions,
  env: Env,
  event: EventFile | undefined,
): TargetChoice {
  const repo = repositoryOf(options, env)
  const isOfEvent = repo.toLowerCase() === (env['GITHUB_REPOSITORY'] ?? repo).toLowerCase()
  const known = isOfEvent ? event : undefined
  const number = options.pr ?? known?.pull_request?.number
  const headSha = options.headSha ?? headOf(options, known)
  if (headSha === undefined) return withoutCommit(options, known)
  return {
    kind: 'target',
    target: {
      repo,
      number,
      headSha: headSha.toLowerCase(),
      origin: originOf(known, headSha),
      runUrl: runUrlOf(options, known),
      conclusion: runOf(known, headSha)?.conclusion ?? undefined,
    },
  }
}

/** The event's commit says nothing about another pull request than the event's. */
function headOf({ pr }: TargetOptions, event: EventFile | undefined): string | undefined {
  const asked = event?.pull_request
  if (asked !== undefined && (pr === undefined || pr === asked.number)) return asked.head.sha
  return pr === undefined ? event?.workflow_run?.head_sha : undefined
}

function repositoryOf({ repo }: TargetOptions, env: Env): string {
  const named = repo ?? env['GITHUB_REPOSITORY'] ?? ''
  // Two names of dots only would lead elsewhere in the URL.
  if (/^[\w.-]+\/[\w.-]+$/.test(named) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(named)) return named
  throw new AgentEvalError(
    named === '' ? 'nobody says which repository' : `"${named}" is no repository`,
    'usage',
    { hint: 'name it with --repo owner/name, or set GITHUB_REPOSITORY' },
  )
}

function withoutCommit({ pr }: TargetOptions, event: EventFile | undefined): TargetChoice {
  if (event !== undefined && pr === undefined) return { kind: 'no-pull' }
  throw new AgentEvalError('nobody says which commit was judged', 'usage', {
    hint: 'say it with --head-sha "$(git rev-parse HEAD)", or run this in a job of a pull request',
  })
}

/** Two pull requests may have one head; anybody can push a commit of another's to a fork. */
function originOf(event: EventFile | undefined, headSha: string): CommentTarget['origin'] {
  const run = runOf(event, headSha)
  if (run === undefined) return undefined
  const { head_branch: branch, head_repository: repository } = run
  return repository && branch ? { repo: repository.full_name, branch } : undefined
}

/** The run that started this job, where it was of this commit. */
function runOf(event: EventFile | undefined, headSha: string): EventFile['workflow_run'] {
  const run = event?.workflow_run
  return run?.head_sha.toLowerCase() === headSha.toLowerCase() ? run : undefined
}

/** Of a job that only comments, the run that left the result is the one to look at. */
function runUrlOf({ runUrl }: TargetOptions, event: EventFile | undefined): string | undefined {
  if (runUrl !== undefined && linkAddress(runUrl) === undefined) {
    throw new AgentEvalError('--run-url is no address of a page', 'usage', {
      hint: 'such as https://github.com/owner/name/actions/runs/123',
    })
  }
  return linkAddress(runUrl ?? event?.workflow_run?.html_url)
}
