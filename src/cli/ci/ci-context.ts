import path from 'node:path'
import { addressPart, linkAddress } from '../../text/link-address.ts'
import { git } from '../git/git.ts'
import { readEvent } from '../github/read-event.ts'
import type { Io } from '../io.ts'

/**
 * The change under test as its CI host tells it, for the links of a report. Whatever does not look
 * like what it is said to be is left out: it may come from a fork, or from a host that we do not know.
 */
export interface CiContext {
  /** Full hash: of a pull request its head, not the commit that the host made to test the merge. */
  readonly commit?: string
  readonly runUrl?: string
  /** Where files of the working directory can be read at that commit; ends in `/`. */
  readonly caseFileUrl?: string
  /** The working directory in its repository: empty for the root, else ends in `/`. */
  readonly repositoryFolder: string
}

/** What the user says of the change; it goes before what the host says. */
export interface NamedChange {
  readonly commit?: string | undefined
  readonly runUrl?: string | undefined
}

/**
 * What the host of this CI job tells of the change.
 *
 * @returns `undefined` where no host is known
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @see https://buildkite.com/docs/pipelines/configure/environment-variables
 */
export async function ciContext(
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  named: NamedChange = {},
): Promise<CiContext | undefined> {
  const host = hosts.find((one) => env[one.marker] === 'true')
  if (host === undefined) return undefined
  const told = await host.read(env)
  const commit = validCommit(named.commit) ?? validCommit(told.commit)
  const runUrl = linkAddress(named.runUrl) ?? linkAddress(told.runUrl)
  const filesUrl = linkAddress(told.filesUrl)
  const folder = await folderInRepository(cwd, env[host.root])
  const place = `${commit ?? ''}/${folder.split('/').map(addressPart).join('/')}`
  return {
    repositoryFolder: folder,
    ...(commit !== undefined && { commit }),
    ...(runUrl !== undefined && { runUrl }),
    ...(commit !== undefined && filesUrl !== undefined && { caseFileUrl: `${filesUrl}/${place}` }),
  }
}

type Env = Io['env']

/** As the host writes it: not yet looked at. */
interface Told {
  readonly commit: string | undefined
  readonly runUrl: string | undefined
  /** Of the repository's files, without commit. */
  readonly filesUrl: string | undefined
}

interface Host {
  /** The variable that is `true` there and nowhere else. */
  readonly marker: string
  /** The variable that names the checkout. */
  readonly root: string
  readonly read: (env: Env) => Told | Promise<Told>
}

const hosts: readonly Host[] = [
  { marker: 'GITHUB_ACTIONS', root: 'GITHUB_WORKSPACE', read: onGitHub },
  { marker: 'GITLAB_CI', root: 'CI_PROJECT_DIR', read: onGitLab },
  { marker: 'BUILDKITE', root: 'BUILDKITE_BUILD_CHECKOUT_PATH', read: onBuildkite },
]

async function onGitHub(env: Env): Promise<Told> {
  const { GITHUB_REPOSITORY: name = '', GITHUB_RUN_ID: run = '' } = env
  const isName = /^[\w.-]+\/[\w.-]+$/.test(name)
  const repository = isName
    ? `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${name}`
    : undefined
  const isRun = repository !== undefined && /^\d+$/.test(run)
  return {
    commit: await headOnGitHub(env),
    runUrl: isRun ? `${repository}/actions/runs/${run}` : undefined,
    filesUrl: repository === undefined ? undefined : `${repository}/blob`,
  }
}

/** On a pull request `GITHUB_SHA` is a merge commit that nobody can look at a day later. */
async function headOnGitHub(env: Env): Promise<string | undefined> {
  const event = await readEvent(env['GITHUB_EVENT_PATH'])
  const head = event?.pull_request?.head.sha ?? event?.merge_group?.head_sha
  const isPullRequest = (env['GITHUB_EVENT_NAME'] ?? '').startsWith('pull_request')
  return head ?? (isPullRequest ? undefined : env['GITHUB_SHA'])
}

function onGitLab(env: Env): Told {
  const { CI_JOB_URL: job, CI_PROJECT_URL: project } = env
  // Set only where GitLab tests the merged result, of which `CI_COMMIT_SHA` is the merge commit.
  const head = env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'] ?? ''
  const source = env['CI_MERGE_REQUEST_SOURCE_PROJECT_URL'] ?? project
  const repository = head === '' ? project : source
  return {
    commit: head === '' ? env['CI_COMMIT_SHA'] : head,
    runUrl: job,
    filesUrl: repository === undefined ? undefined : `${repository}/-/blob`,
  }
}

function onBuildkite(env: Env): Told {
  const { BUILDKITE_BUILD_URL: build, BUILDKITE_JOB_ID: job = '' } = env
  const isJob = build !== undefined && /^[\w-]+$/.test(job)
  return {
    // `HEAD` until the agent has found out which commit that is.
    commit: env['BUILDKITE_COMMIT'],
    runUrl: isJob ? `${build}#${job}` : build,
    filesUrl: filesOf(env['BUILDKITE_REPO'] ?? ''),
  }
}

/** Where the files of a repository can be read that git clones from here; of two hosts that is known. */
function filesOf(cloneUrl: string): string | undefined {
  const found =
    /^(?:https:\/\/|ssh:\/\/git@|git@)(github|gitlab)\.com[/:]([\w./-]+?)(?:\.git)?$/.exec(cloneUrl)
  const [, host, name] = found ?? []
  if (name === undefined) return undefined
  return host === 'github' ? `https://github.com/${name}/blob` : `https://gitlab.com/${name}/-/blob`
}

function validCommit(text: string | undefined): string | undefined {
  return text !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined
}

/** Of a checkout in a folder of its own git knows the root; where git is not there, the host does. */
async function folderInRepository(cwd: string, root: string | undefined): Promise<string> {
  try {
    return (await git(cwd, 'rev-parse', '--show-prefix')).replace(/\n$/, '')
  } catch {
    if (root === undefined || root === '') return ''
    const inside = path.relative(root, cwd).split(path.sep).join('/')
    return inside === '' || inside.startsWith('..') || path.isAbsolute(inside) ? '' : `${inside}/`
  }
}
