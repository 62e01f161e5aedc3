import { access, constants, stat } from 'node:fs/promises'
import path from 'node:path'
import packageJson from '../../../../package.json' with { type: 'json' }
import { isMissing } from '../../outside/node-folder.ts'
import { commandPrefix } from '../../print/report-context.ts'
import { usualOutput } from '../../run-folder/run-folder.ts'
import type { Check, Finding } from '../check.ts'

/** Certificates, recordings and this program are all younger. */
const leastYear = 2024

/** Whether this program runs at all here. */
export const nodeCheck: Check = {
  id: 'node',
  run: ({ nodeVersion }) => {
    const wanted = packageJson.engines.node.replace('>=', '')
    if (isAtLeast(nodeVersion, wanted)) {
      return [{ status: 'ok', message: `Node.js ${nodeVersion}; ${wanted} or newer is needed` }]
    }
    const message = `Node.js ${nodeVersion} is too old; ${wanted} or newer is needed`
    return [{ status: 'fail', message, fix: `nvm install ${wanted.split('.')[0] ?? wanted}` }]
  },
}

/** Compares the numbers of versions; what follows a dash counts as the version itself. */
function isAtLeast(version: string, wanted: string): boolean {
  const [have, need] = [version, wanted].map(
    (one) => one.split('-')[0]?.split('.').map(Number) ?? [],
  )
  for (const [index, least] of (need ?? []).entries()) {
    const own = have?.[index] ?? 0
    if (own !== least) return own > least
  }
  return true
}

/** A clock that stands at 1970 refuses every certificate and lets no quarantine expire. */
export const clockCheck: Check = {
  id: 'clock',
  run: ({ io }) => {
    const day = io.today().slice(0, 10)
    if (Number(day.slice(0, 4)) >= leastYear) return [{ status: 'ok', message: `today is ${day}` }]
    const message = `the clock says ${day}: certificates fail, and what expires never does`
    return [{ status: 'fail', message, fix: 'sudo timedatectl set-ntp true' }]
  },
}

/** Whether a run can be written where it belongs. Nothing is written to find out. */
export const diskCheck: Check = {
  id: 'disk',
  run: async ({ io, project }) => {
    const named = project.ok ? project.value.config.output : usualOutput
    const nearest = await nearestThere(path.resolve(io.cwd, named))
    const why = await whyNotWritable(nearest)
    if (why === undefined) return [{ status: 'ok', message: `${named} can be written` }]
    const shown = path.relative(io.cwd, nearest) || '.'
    return [
      {
        status: 'fail',
        message: `runs cannot be written to ${named}: ${shown} ${why}`,
        fix: `${commandPrefix} run -o "$(mktemp -d)"`,
      } satisfies Finding,
    ]
  },
}

/** The folder itself, or the first above it that exists. */
async function nearestThere(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch (error) {
    if (!isMissing(error)) throw error
    const above = path.dirname(folder)
    return above === folder ? folder : nearestThere(above)
  }
}

async function whyNotWritable(at: string): Promise<string | undefined> {
  if (!(await stat(at)).isDirectory()) return 'is a file'
  try {
    await access(at, constants.W_OK)
    return undefined
  } catch {
    return 'may not be written'
  }
}
