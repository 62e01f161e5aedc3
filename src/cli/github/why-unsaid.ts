import type { ApiFailure } from './ask-github.ts'

/** Why a comment was not written, and what would help. */
export interface Unsaid {
  readonly what: string
  readonly remedy: string
}

const permissions =
  'give the job "permissions: pull-requests: write"; in a pull request from a fork the token can only ' +
  'read, so comment from a second workflow on workflow_run (docs/ci.md)'

const remedies: Readonly<Record<number, string>> = {
  401: 'the token is not valid (any more); give the step env: GITHUB_TOKEN: ${{ github.token }}',
  403: permissions,
  404: permissions,
  422: 'the text is in the job summary or above; please report this',
}

/** @param failure - absent where there was no token to ask with */
export function whyUnsaid(failure: ApiFailure | undefined): Unsaid {
  if (failure === undefined) return { what: 'the token for GitHub is empty', remedy: permissions }
  const { isTransient, message, status } = failure
  const what = status === undefined ? message : `GitHub answered ${status}, ${message}`
  if (isTransient) return { what, remedy: 'run this job again; it runs no eval set' }
  const known = status === undefined ? undefined : remedies[status]
  return { what, remedy: known ?? 'see what GITHUB_API_URL and GITHUB_REPOSITORY say' }
}
