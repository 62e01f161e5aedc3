import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import type { TargetSettings } from '../schema/candidate.ts'
import type { Io } from './io.ts'

/**
 * Finds out before a run whether the program of a target can be started at all.
 *
 * @param place.folder - absolute folder of the candidate file, in which the program is started
 * @throws AgentEvalError (usage) where there is no such program, or it may not be run
 */
export async function requireProgram(
  target: TargetSettings,
  place: { readonly folder: string; readonly env: Io['env'] },
): Promise<void> {
  const [program] = ('command' in target ? target.command : undefined) ?? startOf(target)
  if (program === undefined) return
  for (const file of candidatesFor(program, target, place)) if (await canRun(file)) return
  throw new AgentEvalError(`the agent's program "${program}" cannot be started`, 'usage', {
    hint: /[/\\]/.test(program)
      ? 'is it there, beside the candidate file, and may it be executed?'
      : 'is it installed, and in the PATH?',
  })
}

function startOf(target: TargetSettings): readonly string[] {
  return 'http' in target ? (target.start ?? []) : []
}

function candidatesFor(
  program: string,
  { env: own }: TargetSettings,
  { env, folder }: { readonly folder: string; readonly env: Io['env'] },
): readonly string[] {
  if (/[/\\]/.test(program)) return [path.resolve(folder, program)]
  const folders = (own?.['PATH'] ?? env['PATH'] ?? '').split(path.delimiter)
  const endings = ['', ...(env['PATHEXT'] ?? '').split(';').filter((one) => one !== '')]
  return folders.flatMap((one) =>
    endings.map((ending) => path.resolve(folder, one, program + ending)),
  )
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
