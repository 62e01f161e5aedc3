/** The change under test, as the CI host tells it. */
export interface PullRequest {
  readonly host: 'github' | 'gitlab' | 'buildkite'
  /** The branch that it is to be merged into. */
  readonly target?: string
  /**
   * The commit that the host itself made of target and change, for us to test; its first parent is
   * the target. Only what the host calls by its hash is that commit: a change may end in a merge
   * commit of its own, and the first parent of that one is the change.
   */
  readonly mergeCommit?: string
  /** The commit that the host calls the base. */
  readonly base?: string
  /** A file in which the host describes the event. */
  readonly eventFile?: string
}

type Env = Readonly<Record<string, string | undefined>>

const gitHubEvents: ReadonlySet<string> = new Set([
  'pull_request',
  'pull_request_target',
  'merge_group',
])

/**
 * The pull request that this process runs for, by the variables of its CI host.
 *
 * @returns `undefined` everywhere else: on a laptop, on main, in a nightly job
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @see https://buildkite.com/docs/pipelines/configure/environment-variables
 */
export function pullRequestOf(env: Env): PullRequest | undefined {
  return onGitHub(env) ?? onGitLab(env) ?? onBuildkite(env)
}

function onGitHub(env: Env): PullRequest | undefined {
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  if (!gitHubEvents.has(event)) return undefined
  return {
    host: 'github',
    ...known('target', env['GITHUB_BASE_REF']),
    // On `pull_request_target` this is the tip of the target.
    ...(event !== 'pull_request_target' && known('mergeCommit', env['GITHUB_SHA'])),
    ...(event === 'merge_group' && known('eventFile', env['GITHUB_EVENT_PATH'])),
  }
}

function onGitLab(env: Env): PullRequest | undefined {
  const target = known('target', env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'])
  // The first is there where GitLab tests the merged result.
  const base =
    nonEmpty(env['CI_MERGE_REQUEST_TARGET_BRANCH_SHA']) ??
    nonEmpty(env['CI_MERGE_REQUEST_DIFF_BASE_SHA'])
  if (target.target === undefined && base === undefined) return undefined
  return { host: 'gitlab', ...(isGitLabFork(env) ? {} : target), ...known('base', base) }
}

/**
 * A fork's merge request runs in the fork's project, whose `origin` is the fork: a branch of the target's
 * name is the contributor's own there, and would make the change its own base.
 */
function isGitLabFork(env: Env): boolean {
  const source = nonEmpty(env['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'])
  return source !== undefined && source !== env['CI_MERGE_REQUEST_PROJECT_ID']
}

function onBuildkite(env: Env): PullRequest | undefined {
  const target = nonEmpty(env['BUILDKITE_PULL_REQUEST_BASE_BRANCH'])
  return target === undefined ? undefined : { host: 'buildkite', target }
}

function known<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return nonEmpty(value) === undefined ? {} : ({ [key]: value } as Record<K, string>)
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
