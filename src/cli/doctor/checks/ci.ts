import type { Check, Finding } from '../check.ts'
import { ciHost, isForkWithoutSecrets } from '../ci-host.ts'
import type { DoctorContext } from '../context.ts'

/** Where this runs, and what it is given there. */
export const ciCheck: Check = {
  id: 'ci',
  run: async ({ io }) => {
    const host = ciHost(io.env)
    if (host === undefined) return [{ status: 'skipped', message: 'this is no CI' }]
    const event = io.env['GITHUB_EVENT_NAME'] ?? ''
    const at: Finding = { status: 'ok', message: event === '' ? host : `${host}, event ${event}` }
    return [at, ...(await forkOf(io.env)), ...tokenOf(io.env)]
  },
}

async function forkOf(env: DoctorContext['io']['env']): Promise<readonly Finding[]> {
  if (!(await isForkWithoutSecrets(env))) return []
  const message =
    'a pull request from a fork: it is given no secrets, and its token may write no comment'
  return [{ status: 'warn', message, fix: 'the recipe with two workflows in docs/ci.md' }]
}

/** What a token may do shows only when it is used. */
function tokenOf(env: DoctorContext['io']['env']): readonly Finding[] {
  if ((env['GITHUB_ACTIONS'] ?? '') === '') return []
  const name = ['GITHUB_TOKEN', 'GH_TOKEN'].find((one) => (env[one] ?? '') !== '')
  if (name !== undefined) {
    return [{ status: 'ok', message: `${name} is set; what it may do shows when it is used` }]
  }
  const message =
    'GITHUB_TOKEN is not set: only a step that comments needs it, as github.token in its env'
  return [{ status: 'ok', message }]
}
