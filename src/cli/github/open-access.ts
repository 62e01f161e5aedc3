import { AgentEvalError } from '../../errors.ts'
import type { Outside } from '../../ports.ts'
import type { GitHubAccess } from './ask-github.ts'

const usualApi = 'https://api.github.com'

/** A comment is not worth more of a job's time. */
export const patienceMs = 300_000

/**
 * The way to GitHub's REST API, or to that of a server of one's own: GITHUB_API_URL names it.
 *
 * @returns `undefined` where the token is empty: a job of a fork gets no secrets, which is no mistake
 * @throws AgentEvalError (usage) where there is none at all, or where it cannot be sent
 */
export function openAccess({ clock, env, fetch }: Outside): GitHubAccess | undefined {
  const { GH_TOKEN: other, GITHUB_TOKEN: usual } = env
  if (usual === undefined && other === undefined) {
    throw new AgentEvalError('there is no token for GitHub', 'usage', {
      hint: 'give the step one: env: { GITHUB_TOKEN: "${{ github.token }}" }',
    })
  }
  const token = (usual ?? '').trim() || (other ?? '').trim()
  if (token === '') return undefined
  // An error of `fetch` would quote it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new AgentEvalError('GITHUB_TOKEN or GH_TOKEN holds something that is no token', 'usage')
  }
  const apiUrl = apiUrlOf(env['GITHUB_API_URL'])
  return { apiUrl, token, fetch, clock, giveUpAtMs: clock.nowMs() + patienceMs }
}

function apiUrlOf(named: string | undefined): string {
  const text = named === undefined || named === '' ? usualApi : named
  if (URL.canParse(text)) {
    const { origin, pathname, protocol, search, username } = new URL(text)
    const isPlain = username === '' && search === ''
    if (isPlain && /^https?:$/.test(protocol)) return `${origin}${pathname.replace(/\/+$/, '')}`
  }
  throw new AgentEvalError('GITHUB_API_URL is no address of an API', 'usage', {
    hint: `such as ${usualApi} or https://github.example.com/api/v3`,
  })
}
