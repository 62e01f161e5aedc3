import { readEvent } from '../github/read-event.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Each host by a variable that only it sets. */
const hosts: readonly (readonly [variable: string, host: string])[] = [
  ['GITHUB_ACTIONS', 'GitHub Actions'],
  ['GITLAB_CI', 'GitLab CI'],
  ['BUILDKITE', 'Buildkite'],
  ['CIRCLECI', 'CircleCI'],
  ['TF_BUILD', 'Azure Pipelines'],
  ['JENKINS_URL', 'Jenkins'],
]

/** Which CI this process runs in, for messages; `undefined` outside of any. */
export function ciHost(env: Env): string | undefined {
  const known = hosts.find(([variable]) => isSet(env[variable]))
  if (known !== undefined) return known[1]
  return isSet(env['CI']) ? 'a CI that does not name itself' : undefined
}

/**
 * Whether this run is for a pull request whose branch lies in another repository: the host then keeps
 * secrets back. It is `false` where the host does not say.
 *
 * @see https://docs.github.com/en/actions/reference/security/secure-use
 */
export async function isForkWithoutSecrets(env: Env): Promise<boolean> {
  // There the base's own workflow runs, with its secrets.
  if (env['GITHUB_EVENT_NAME'] === 'pull_request') return isGitHubFork(env['GITHUB_EVENT_PATH'])
  return (
    differ(env['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'], env['CI_PROJECT_ID']) ||
    differ(env['BUILDKITE_PULL_REQUEST_REPO'], env['BUILDKITE_REPO'])
  )
}

async function isGitHubFork(eventFile: string | undefined): Promise<boolean> {
  const { base, head } = (await readEvent(eventFile))?.pull_request ?? {}
  return differ(head?.repo?.full_name, base?.repo?.full_name)
}

/** Both are known, and they are not the same. */
function differ(a: string | undefined, b: string | undefined): boolean {
  return isSet(a) && isSet(b) && a !== b
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
