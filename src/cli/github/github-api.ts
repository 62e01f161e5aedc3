import { z } from 'zod'
import { type ApiComment, type ApiPull, apiComment, apiPull, apiUser } from './api-documents.ts'
import { type ApiFailure, type ApiRequest, askGitHub, type GitHubAccess } from './ask-github.ts'
import { waitBeforeNextMs } from './wait-before-next.ts'

export type ApiResult<T> = { readonly ok: true; readonly value: T } | ApiFailure

/** Ten thousand comments: nobody reads such a pull request. */
const maxCommentPages = 100
const maxPullPages = 30

/** The requests that a comment takes, of one repository (`owner/name`). */
export interface GitHubApi {
  readonly pull: (number: number) => Promise<ApiResult<ApiPull>>
  readonly pullsOfCommit: (sha: string) => Promise<ApiResult<readonly ApiPull[]>>
  readonly openPulls: () => Promise<ApiResult<readonly ApiPull[]>>
  /** All comments on a pull request, oldest first. */
  readonly comments: (number: number) => Promise<ApiResult<readonly ApiComment[]>>
  /** Whose token this is; refused to the tokens of apps, GITHUB_TOKEN among them. */
  readonly login: () => Promise<ApiResult<string>>
  /** These two ask once: what they may have changed must be looked at before they are repeated. */
  readonly createComment: (number: number, body: string) => Promise<ApiResult<ApiComment>>
  readonly updateComment: (id: number, body: string) => Promise<ApiResult<ApiComment>>
}

export function githubApi(repo: string, access: GitHubAccess): GitHubApi {
  const base = `${access.apiUrl}/repos/${repo}`
  const issues = `${base}/issues`
  const listed = <T>(url: string, list: PagedList<T>): Promise<ApiResult<readonly T[]>> =>
    allPages(access, url, list)
  return {
    pull: (number) => ask(access, `${base}/pulls/${number}`, apiPull),
    pullsOfCommit: (sha) =>
      listed(`${base}/commits/${sha}/pulls?per_page=100`, {
        item: apiPull,
        maxPages: maxPullPages,
      }),
    openPulls: () =>
      listed(`${base}/pulls?state=open&per_page=100`, { item: apiPull, maxPages: maxPullPages }),
    comments: (number) =>
      listed(`${issues}/${number}/comments?per_page=100`, {
        item: apiComment,
        maxPages: maxCommentPages,
      }),
    login: async () => {
      const user = await ask(access, `${access.apiUrl}/user`, apiUser)
      return user.ok ? { ok: true, value: user.value.login } : user
    },
    createComment: (number, body) => {
      return write(access, { method: 'POST', url: `${issues}/${number}/comments`, body: { body } })
    },
    updateComment: (id, body) => {
      return write(access, { method: 'PATCH', url: `${issues}/comments/${id}`, body: { body } })
    },
  }
}

async function write(access: GitHubAccess, request: ApiRequest): Promise<ApiResult<ApiComment>> {
  const answer = await askGitHub(access, request)
  return answer.ok ? understood(answer.value, apiComment) : answer
}

async function ask<T>(
  access: GitHubAccess,
  url: string,
  schema: z.ZodType<T>,
): Promise<ApiResult<T>> {
  const answer = await askPatiently(access, url)
  return answer.ok ? understood(answer.value, schema) : answer
}

/** Reading changes nothing, so that it may be repeated. */
async function askPatiently(
  access: GitHubAccess,
  url: string,
): Promise<Awaited<ReturnType<typeof askGitHub>>> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askGitHub(access, { method: 'GET', url })
    const waitMs = answer.ok ? undefined : waitBeforeNextMs(answer, attempt, access)
    if (waitMs === undefined) return answer
    await access.clock.sleep(waitMs, new AbortController().signal)
  }
}

interface PagedList<T> {
  readonly item: z.ZodType<T>
  readonly maxPages: number
}

/** Fails where a part would be missing: a comment that was not seen would be written a second time. */
async function allPages<T>(
  access: GitHubAccess,
  first: string,
  { item, maxPages }: PagedList<T>,
): Promise<ApiResult<readonly T[]>> {
  const seen: T[] = []
  let url: string | undefined = first
  for (let page = 1; url !== undefined; page += 1) {
    if (page > maxPages) return broken(`lists more than ${maxPages} pages`)
    const answer = await askPatiently(access, url)
    if (!answer.ok) return answer
    const items = understood(answer.value, z.array(item))
    if (!items.ok) return items
    seen.push(...items.value)
    const next = nextPage(answer.headers, access.apiUrl)
    if (typeof next === 'object') return next
    url = next
  }
  return { ok: true, value: seen }
}

/** @see RFC 8288 */
const nextLink = /<([^<>]*)>\s*;[^<>]*\brel="?next\b/

/** The token goes to no other host, whatever an answer links to. */
function nextPage(headers: Headers, apiUrl: string): string | ApiFailure | undefined {
  const next = nextLink.exec(headers.get('link') ?? '')?.[1]
  if (next === undefined) return undefined
  const { origin } = new URL(apiUrl)
  const url = URL.canParse(next, apiUrl) ? new URL(next, apiUrl) : undefined
  return url?.origin === origin ? url.href : broken('links its next page on another host')
}

function understood<T>(value: unknown, schema: z.ZodType<T>): ApiResult<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  return broken(`answered something unexpected at "${where}"`)
}

function broken(message: string): ApiFailure {
  return { ok: false, isTransient: false, message }
}
