import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Io } from './io.ts'

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
  const pull = await pullInEvent(env['GITHUB_EVENT_PATH'])
  if (pull === undefined) return undefined
  const { base, head } = pull
  // A fork that was deleted since leaves its pull request behind.
  const from = head.repo?.full_name
  return from === base.repo.full_name ? undefined : (from ?? 'a fork that is gone')
}

const repository = z.object({ full_name: z.string() })
const event = z.object({
  pull_request: z.object({
    head: z.object({ repo: repository.nullish() }),
    base: z.object({ repo: repository }),
  }),
})

async function pullInEvent(
  file: string | undefined,
): Promise<z.infer<typeof event>['pull_request'] | undefined> {
  if (file === undefined || file === '') return undefined
  try {
    return event.safeParse(JSON.parse(await readFile(file, 'utf8'))).data?.pull_request
  } catch {
    return undefined
  }
}

function onGitLab(env: Env): string | undefined {
  const source = env['CI_MERGE_REQUEST_SOURCE_PROJECT_ID'] ?? ''
  const target = env['CI_MERGE_REQUEST_PROJECT_ID'] ?? ''
  if (source === '' || target === '' || source === target) return undefined
  return env['CI_MERGE_REQUEST_SOURCE_PROJECT_PATH'] ?? `project ${source}`
}
