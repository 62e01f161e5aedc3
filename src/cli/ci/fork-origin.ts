import { type EventPull, readEvent } from '../github/read-event.ts'
import type { Io } from '../io.ts'

type Env = Io['env']

/**
 * Where a change comes from whose CI job is given no secrets: another repository, or a bot that is not
 * trusted with them. The host says so itself; the change has no say in it.
 *
 * @returns `undefined` for a change of the repository's own, and everywhere else
 * @see https://docs.github.com/en/actions/reference/security/secure-use
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export async function forkOrigin({ env }: Pick<Io, 'env'>): Promise<string | undefined> {
  return (await onGitHub(env)) ?? onGitLab(env)
}

const dependabot = 'dependabot[bot]'

async function onGitHub(env: Env): Promise<string | undefined> {
  if (!(env['GITHUB_EVENT_NAME'] ?? '').startsWith('pull_request')) return undefined
  if (env['GITHUB_ACTOR'] === dependabot) return dependabot
  const pull = (await readEvent(env['GITHUB_EVENT_PATH']))?.pull_request
  return pull === undefined ? undefined : otherRepository(pull)
}

function otherRepository({ base, head }: EventPull): string | undefined {
  const onto = base?.repo?.full_name
  // A fork that was deleted since leaves its pull request behind.
  const from = head.repo?.full_name ?? 'a fork that is gone'
  return onto === undefined || from === onto ? undefined : from
}

function onGitLab(env: Env): string | undefined {
  const source = env['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'] ?? ''
  const target = env['CI_MERGE_REQUEST_PROJECT_ID'] ?? ''
  if (source === '' || target === '' || source === target) return undefined
  return env['CI_MERGE_REQUEST_SOURCE_PROJECT_PATH'] ?? `project ${source}`
}
