import path from 'node:path'
import packageJson from '../../../../package.json' with { type: 'json' }
import { textIfThere } from '../../outside/if-there.ts'
import { version } from '../../version.ts'
import type { Check, Finding } from '../check.ts'
import { lockfiles, pinnedVersion } from '../pinned-version.ts'

const { name } = packageJson

interface Manager {
  /** Adds us and pins the version. */
  readonly add: string
  /** Installs exactly what the lockfile says. */
  readonly install: string
}

const npm: Manager = { add: 'npm install --save-dev --save-exact', install: 'npm ci' }

/** Who writes which lockfile; the others are npm's. */
const managers: Readonly<Record<string, Manager>> = {
  'pnpm-lock.yaml': {
    add: 'pnpm add --save-dev --save-exact',
    install: 'pnpm install --frozen-lockfile',
  },
  'yarn.lock': { add: 'yarn add --dev --exact', install: 'yarn install --frozen-lockfile' },
  'bun.lock': { add: 'bun add --dev --exact', install: 'bun install --frozen-lockfile' },
}

/** Deeper folders than this no project has. */
const mostLevels = 40

/**
 * Whether everybody who runs this project runs the same version of us: another one may count otherwise.
 */
export const pinnedCliCheck: Check = {
  id: 'version',
  run: async ({ io, project }) => {
    const above = foldersAbove(project.ok ? project.value.root : io.cwd)
    const manifest = await firstIn(above, ['package.json'])
    if (manifest === undefined)
      return [unpinned('there is no package.json', `npm init -y && ${npm.add}`)]
    if (nameIn(manifest.text) === name) {
      return [{ status: 'ok', message: `${name} ${version}; this is its own repository` }]
    }
    const lock = await firstIn(above, lockfiles)
    if (lock === undefined) return [unpinned('there is no lockfile', npm.add)]
    const manager = managers[lock.name] ?? npm
    const pinned = pinnedVersion(lock.name, lock.text, name)
    if (pinned === undefined) return [unpinned(`${lock.name} does not pin ${name}`, manager.add)]
    if (pinned === version) {
      return [{ status: 'ok', message: `${name} ${version}, as ${lock.name} pins it` }]
    }
    const message = `${lock.name} pins ${name} ${pinned}, and this is ${version}`
    return [{ status: 'warn', message, fix: `${manager.install} && npx ${name} doctor` }]
  },
}

function unpinned(why: string, add: string): Finding {
  return {
    status: 'warn',
    message: `${name} ${version}, and nothing holds others to it: ${why}`,
    fix: `${add} ${name}@${version}`,
  }
}

function foldersAbove(folder: string): readonly string[] {
  const found: string[] = []
  for (let at = folder; found.length < mostLevels; at = path.dirname(at)) {
    if (found.at(-1) === at) break
    found.push(at)
  }
  return found
}

interface FoundFile {
  readonly name: string
  readonly text: string
}

/** The nearest file of one of these names; in a monorepo the lockfile lies above. */
async function firstIn(
  folders: readonly string[],
  names: readonly string[],
): Promise<FoundFile | undefined> {
  for (const folder of folders) {
    for (const one of names) {
      const text = await textIfThere(path.join(folder, one))
      if (text !== undefined) return { name: one, text }
    }
  }
  return undefined
}

function nameIn(manifest: string): unknown {
  try {
    return (JSON.parse(manifest) as { readonly name?: unknown } | null)?.name
  } catch {
    return undefined
  }
}
