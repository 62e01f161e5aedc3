import type { TargetSettings } from '../../../schema/candidate.ts'
import { requireProgram } from '../../run/require-program.ts'
import { type Check, type Finding, failuresOf } from '../check.ts'
import { type UsableSet, usableSets } from '../context.ts'

/** Whether the program of each agent can be started. It is not. */
export const programsCheck: Check = {
  id: 'programs',
  run: async ({ io, ...context }) => {
    const own = usableSets(context).filter(({ agent }) => agent.candidate.target !== undefined)
    return (await Promise.all(own.map((set) => findingsOf(set, io.env)))).flat()
  },
}

async function findingsOf(
  { agent, name }: UsableSet,
  env: Parameters<typeof requireProgram>[1]['env'],
): Promise<readonly Finding[]> {
  const { candidate, folder } = agent
  if (candidate.target === undefined) return []
  try {
    await requireProgram(candidate.target, { folder, env })
  } catch (error) {
    return failuresOf(error, name)
  }
  return [foundOf(candidate.target, name)]
}

function foundOf(target: TargetSettings, about: string): Finding {
  if ('http' in target && target.start === undefined) {
    const message = `whether ${target.http} answers shows when it is given a task`
    return { status: 'skipped', about, message }
  }
  const program = 'module' in target ? target.module : startOf(target)
  return { status: 'ok', about, message: `${program} is there` }
}

function startOf(target: Exclude<TargetSettings, { module: string }>): string {
  const words = 'command' in target ? target.command : (target.start ?? [])
  return words.join(' ')
}
