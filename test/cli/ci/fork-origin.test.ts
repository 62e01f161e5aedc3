import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { forkOrigin } from '../../../src/cli/ci/fork-origin.ts'
import { folderWith } from '../run-cli.ts'

function inEvent(event: unknown, more: Readonly<Record<string, string>> = {}) {
  const folder = folderWith({
    'event.json': typeof event === 'string' ? event : JSON.stringify(event),
  })
  const env = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: path.join(folder, 'event.json'),
    ...more,
  }
  return forkOrigin({ env })
}

function aPull(from: string | null, onto = 'acme/bot') {
  const repo = from === null ? null : { full_name: from }
  return { pull_request: { head: { repo }, base: { repo: { full_name: onto } } } }
}

describe('on GitHub', () => {
  it('names the repository that a change comes from', async () => {
    expect(await inEvent(aPull('somebody/bot'))).toBe('somebody/bot')
    expect(await inEvent(aPull('somebody/bot'), { GITHUB_EVENT_NAME: 'pull_request_target' })).toBe(
      'somebody/bot',
    )
    expect(await inEvent(aPull(null))).toBe('a fork that is gone')
  })

  it('knows a bot that gets no secrets, whatever branch it works on', async () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_ACTOR: 'dependabot[bot]' }
    expect(await forkOrigin({ env })).toBe('dependabot[bot]')
    // A push of it is nobody's pull request.
    expect(await forkOrigin({ env: { ...env, GITHUB_EVENT_NAME: 'push' } })).toBeUndefined()
  })

  it.each<[string, unknown, Readonly<Record<string, string>>]>([
    ['a change of its own', aPull('acme/bot'), {}],
    ['another event', aPull('somebody/bot'), { GITHUB_EVENT_NAME: 'workflow_dispatch' }],
    ['an event that is none', 'torn {', {}],
    ['an event without a pull request', { merge_group: {} }, {}],
    ['an event of another shape', { pull_request: { head: 1 } }, {}],
    ['no event file', aPull('somebody/bot'), { GITHUB_EVENT_PATH: '/nowhere/event.json' }],
  ])('trusts nothing to be a fork: %s', async (_, event, more) => {
    expect(await inEvent(event, more)).toBeUndefined()
  })
})

describe('on GitLab', () => {
  const own = { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7', CI_MERGE_REQUEST_PROJECT_ID: '7' }

  it('compares the two projects', async () => {
    const fork = { ...own, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '9' }
    expect(await forkOrigin({ env: own })).toBeUndefined()
    expect(await forkOrigin({ env: fork })).toBe('project 9')
    const named = { ...fork, CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'somebody/bot' }
    expect(await forkOrigin({ env: named })).toBe('somebody/bot')
  })
})

it('is unknown everywhere else', async () => {
  expect(await forkOrigin({ env: {} })).toBeUndefined()
})
