import { describe, expect, it } from 'vitest'
import { lockfiles, pinnedVersion } from '../../../src/cli/doctor/pinned-version.ts'

/** Each as its package manager writes it, with neighbours of similar names. */
const locks: Readonly<Record<string, string>> = {
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { devDependencies: { 'agent-eval': '^1.2.0' } },
      'node_modules/agent-eval-extras': { version: '9.9.9' },
      'node_modules/agent-eval': { version: '1.2.3' },
    },
  }),
  'npm-shrinkwrap.json': JSON.stringify({ dependencies: { 'agent-eval': { version: '1.2.3' } } }),
  'pnpm-lock.yaml': `
importers:
  .:
    devDependencies:
      agent-eval:
        specifier: ^1.2.0
        version: 1.2.3
packages:
  '@acme/not-agent-eval@9.9.9':
    resolution: {}
  agent-eval@1.2.3:
    resolution: {}
`,
  'bun.lock': `{ "packages": { "agent-eval": ["agent-eval@1.2.3", "", {}] } }`,
  'yarn.lock': `
agent-eval-extras@^9.0.0:
  version "9.9.9"

agent-eval@^1.2.0:
  version "1.2.3"
`,
}

describe('the version that a lockfile pins', () => {
  it.each(lockfiles)('is read from %s', (file) => {
    expect(pinnedVersion(file, locks[file] ?? '', 'agent-eval')).toBe('1.2.3')
  })

  it('is read from the yarn.lock of later versions', () => {
    const text =
      '"agent-eval@npm:^1.2.0":\n  version: 1.2.3\n  resolution: "agent-eval@npm:1.2.3"\n'
    expect(pinnedVersion('yarn.lock', text, 'agent-eval')).toBe('1.2.3')
  })

  it.each(lockfiles)('is not there in a %s of something else', (file) => {
    for (const text of [
      '',
      '{}',
      '[]',
      'null',
      '{"packages":{"node_modules/x":{}}}',
      'agent-eval@',
    ]) {
      expect(pinnedVersion(file, text, 'agent-eval')).toBeUndefined()
    }
  })

  it('is nothing of a file that nobody knows', () => {
    expect(pinnedVersion('Cargo.lock', 'agent-eval@1.2.3', 'agent-eval')).toBeUndefined()
  })
})
