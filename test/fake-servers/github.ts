import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A pull request as a test says it. */
export interface FakePull {
  readonly number: number
  /** Changes with a push. */
  head: string
  readonly branch?: string
  /** Of the head; `null`: a fork that was deleted. Default: the repository itself. */
  readonly repo?: string | null
  state?: 'open' | 'closed'
  /** Commits that belong to it and are not its head. */
  readonly earlier?: readonly string[]
}

interface FakeComment {
  readonly id: number
  body: string
  readonly login: string
  readonly type: string
  readonly pull: number
}

interface GitHubRequest {
  readonly method: string
  /** Below the base path, with its query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What a request meets instead of its answer. `after`: the request has its effect all the same. */
export interface GitHubFault {
  readonly method?: string
  /** Part of the path. */
  readonly path?: string
  /** How many requests; default: one. */
  readonly times?: number
  readonly after?: boolean
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly message?: string
  /** Instead of the message. */
  readonly body?: unknown
  /** Cuts the connection. */
  readonly drop?: boolean
  /** Runs when it strikes. */
  readonly then?: () => void
}

export interface FakeGitHubOptions {
  readonly pulls: readonly FakePull[]
  /** `owner/name`. */
  readonly repo?: string
  /** Such as `/api/v3`, where a server of one's own has it. */
  readonly basePath?: string
  readonly token?: string
  /** Whose token it is. Those of apps, GITHUB_TOKEN among them, may not ask who they are. */
  readonly author?: { readonly login: string; readonly type: 'Bot' | 'User' }
  /** Tokens of forks only read. */
  readonly mayWrite?: boolean
}

export interface FakeGitHub {
  /** What GITHUB_API_URL says. */
  readonly url: string
  readonly token: string
  readonly requests: readonly GitHubRequest[]
  readonly comments: readonly FakeComment[]
  readonly pull: (number: number) => FakePull
  /** Somebody writes a comment in the browser. */
  readonly write: (comment: Omit<FakeComment, 'id'>) => FakeComment
  readonly fail: (fault: GitHubFault) => void
  readonly close: () => Promise<void>
}

/** As measured on the real endpoint. */
const maxBodyBytes = 262_144

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Server {
  readonly options: Required<FakeGitHubOptions>
  readonly pulls: FakePull[]
  readonly comments: FakeComment[]
  /** The origin that links lead to. */
  readonly origin: () => string
  readonly add: (comment: Omit<FakeComment, 'id'>) => FakeComment
}

/** As much of GitHub's REST API as a comment takes, over real HTTP on 127.0.0.1. */
export async function startFakeGitHub(given: FakeGitHubOptions): Promise<FakeGitHub> {
  const options = {
    repo: 'acme/shop',
    basePath: '',
    token: 'ghs_only-for-tests',
    author: { login: 'github-actions[bot]', type: 'Bot' as const },
    mayWrite: true,
    ...given,
  }
  const requests: GitHubRequest[] = []
  const faults: { fault: GitHubFault; left: number }[] = []
  const comments: FakeComment[] = []
  let origin = ''
  const server: Server = {
    options,
    pulls: [...given.pulls],
    comments,
    origin: () => origin,
    add(comment) {
      const made = { ...comment, id: 1000 + comments.length }
      comments.push(made)
      return made
    },
  }
  const http = createServer((incoming, outgoing) => {
    void heard(incoming, options.basePath).then((request) => {
      requests.push(request)
      const struck = faults.find(({ fault, left }) => left > 0 && strikes(fault, request))
      if (struck === undefined) {
        send(outgoing, answerTo(request, server))
        return
      }
      struck.left -= 1
      if (struck.fault.after === true) answerTo(request, server)
      strike(struck.fault, outgoing)
    })
  })
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    url: `${origin}${options.basePath}`,
    token: options.token,
    requests,
    comments,
    pull: (number) => server.pulls.find((one) => one.number === number)!,
    write: server.add,
    fail: (fault) => {
      faults.push({ fault, left: fault.times ?? 1 })
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => {
          resolve()
        })
        http.closeAllConnections()
      }),
  }
}

function strike(fault: GitHubFault, outgoing: ServerResponse): void {
  const { drop, headers = {}, message = 'fake fault', status = 500, then } = fault
  const { body = { message } } = fault
  then?.()
  if (drop === true) outgoing.destroy()
  else send(outgoing, { status, headers, body })
}

function strikes({ method, path }: GitHubFault, request: GitHubRequest): boolean {
  return (method ?? request.method) === request.method && request.path.includes(path ?? '')
}

async function heard(incoming: IncomingMessage, basePath: string): Promise<GitHubRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const { method = '', url = '' } = incoming
  return {
    method,
    path: url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : `elsewhere:${url}`,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: text === '' ? undefined : JSON.parse(text),
  }
}

function answerTo(request: GitHubRequest, server: Server): Answer {
  const { headers, method } = request
  if ((headers['user-agent'] ?? '') === '')
    return says(403, 'Request forbidden by administrative rules')
  if (headers['authorization'] !== `Bearer ${server.options.token}`)
    return says(401, 'Bad credentials')
  const url = new URL(request.path, 'http://x')
  for (const [wanted, pattern, handle] of routes) {
    const found = new RegExp(`^${pattern.replace('{repo}', `/repos/${server.options.repo}`)}$`, 'i')
    const match = found.exec(url.pathname)
    if (match !== null && wanted === method) {
      return handle({ request, server, url, part: match[1] ?? '' })
    }
  }
  return says(404, 'Not Found')
}

interface Handling {
  readonly request: GitHubRequest
  readonly server: Server
  readonly url: URL
  readonly part: string
}

const routes: readonly (readonly [string, string, (handling: Handling) => Answer])[] = [
  ['GET', '/user', whoAmI],
  ['GET', '{repo}/commits/([0-9a-f]+)/pulls', pullsOfCommit],
  ['GET', '{repo}/pulls', listPulls],
  ['GET', '{repo}/pulls/(\\d+)', onePull],
  ['GET', '{repo}/issues/(\\d+)/comments', listComments],
  ['POST', '{repo}/issues/(\\d+)/comments', createComment],
  ['PATCH', '{repo}/issues/comments/(\\d+)', updateComment],
]

function whoAmI({ server }: Handling): Answer {
  const { author } = server.options
  if (author.type === 'Bot') return says(403, 'Resource not accessible by integration')
  return { status: 200, body: author }
}

/** Only of commits that are in the repository itself; those of a fork are not. */
function pullsOfCommit({ part, server }: Handling): Answer {
  const { pulls } = server
  const has = ({ earlier = [], head }: FakePull): boolean => [head, ...earlier].includes(part)
  const found = pulls.filter((pull) => has(pull) && repoOf(pull, server) === server.options.repo)
  if (found.length === 0 && !pulls.some(has)) return says(422, `No commit found for SHA: ${part}`)
  return { status: 200, body: found.map((pull) => asJson(pull, server)) }
}

function listPulls({ server, url }: Handling): Answer {
  const state = url.searchParams.get('state') ?? 'open'
  const found = server.pulls.filter((pull) => state === 'all' || (pull.state ?? 'open') === state)
  return paged(
    found.map((pull) => asJson(pull, server)),
    url,
    server,
  )
}

function onePull({ part, server }: Handling): Answer {
  const pull = server.pulls.find(({ number }) => number === Number(part))
  return pull === undefined ? says(404, 'Not Found') : { status: 200, body: asJson(pull, server) }
}

function listComments({ part, server, url }: Handling): Answer {
  if (!server.pulls.some(({ number }) => number === Number(part))) return says(404, 'Not Found')
  const found = server.comments.filter(({ pull }) => pull === Number(part))
  return paged(
    found.map((one) => commentJson(one, server)),
    url,
    server,
  )
}

function createComment({ part, request, server }: Handling): Answer {
  const body = bodyOf(request)
  const refusal = whyNot(body, server)
  if (refusal !== undefined) return refusal
  const made = server.add({ pull: Number(part), body, ...server.options.author })
  return { status: 201, body: commentJson(made, server) }
}

/** Whoever may write to the repository may change everybody's comments: the API does not keep us off. */
function updateComment({ part, request, server }: Handling): Answer {
  const comment = server.comments.find(({ id }) => id === Number(part))
  if (comment === undefined) return says(404, 'Not Found')
  const body = bodyOf(request)
  const refusal = whyNot(body, server)
  if (refusal !== undefined) return refusal
  comment.body = body
  return { status: 200, body: commentJson(comment, server) }
}

function whyNot(body: string, { options }: Server): Answer | undefined {
  if (!options.mayWrite) return says(403, 'Resource not accessible by integration')
  if (body === '') return says(422, 'Validation Failed')
  if (Buffer.byteLength(body) <= maxBodyBytes) return undefined
  return says(422, 'Validation Failed: body is too long (maximum is 65536 characters)')
}

function bodyOf({ body }: GitHubRequest): string {
  const text = (body as { body?: unknown } | undefined)?.body
  return typeof text === 'string' ? text : ''
}

/** As the real one: 30 to a page unless told, never more than 100, and links to the next. */
function paged(all: readonly unknown[], url: URL, { options, origin }: Server): Answer {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
  const page = Number(url.searchParams.get('page') ?? 1)
  const pages = Math.max(1, Math.ceil(all.length / size))
  const link = (to: number, rel: string): string => {
    const at = new URL(`${origin()}${options.basePath}${url.pathname}${url.search}`)
    at.searchParams.set('page', String(to))
    return `<${at.href}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < pages ? [link(page + 1, 'next'), link(pages, 'last')] : []),
  ]
  return {
    status: 200,
    body: all.slice((page - 1) * size, page * size),
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  }
}

function repoOf({ repo }: FakePull, { options }: Server): string | null {
  return repo === undefined ? options.repo : repo
}

function asJson(pull: FakePull, server: Server): unknown {
  const { repo } = server.options
  const from = repoOf(pull, server)
  return {
    number: pull.number,
    state: pull.state ?? 'open',
    head: {
      sha: pull.head,
      ref: pull.branch ?? 'feature',
      repo: from === null ? null : { full_name: from, html_url: `https://github.com/${from}` },
    },
    base: { ref: 'main', repo: { full_name: repo, html_url: `https://github.com/${repo}` } },
  }
}

function commentJson({ body, id, login, pull, type }: FakeComment, { options }: Server): unknown {
  return {
    id,
    body,
    user: { login, type },
    html_url: `https://github.com/${options.repo}/pull/${pull}#issuecomment-${id}`,
  }
}

function says(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest' } }
}

function send(outgoing: ServerResponse, { body, headers = {}, status }: Answer): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  outgoing.end(JSON.stringify(body))
}
