import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { isMissing } from '../outside/node-folder.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import type { NamedSet } from './evalset-at-base.ts'
import { idInFolder } from './id-in-folder.ts'

interface Judged {
  readonly evalSet: ProjectEvalSet
  readonly project: Project
}

/**
 * Eval sets that a project ran at the base and runs no more: nobody would see them fail.
 *
 * They are known by their ids: one that moves is none of these, and another one in the old folder,
 * copied or linked, hides nothing. By its folder is known only what had no id that could be read.
 *
 * @throws AgentEvalError (usage) where this project runs two eval sets of one id or in one folder: one
 *   of them would stand in for the other
 */
export async function goneSets(
  atBase: readonly NamedSet[],
  { evalSet, project }: Judged,
): Promise<readonly NamedSet[]> {
  const named = project.hasFile ? project.config.evalsets : []
  const here: NamedSet[] = []
  const places: string[] = []
  for (const folder of named) {
    const absolute = path.resolve(project.root, folder)
    here.push({ folder, id: await idInFolder(absolute) })
    places.push(await placeOf(absolute))
  }
  refuseTwice(named, places, 'are one folder')
  refuseTwice(
    named,
    here.map((one) => one.id),
    'have one id',
  )
  const ids = new Set([evalSet.id, ...here.map((one) => one.id)])
  const folders = new Set(named.map(plain))
  return atBase.filter(({ folder, id }) =>
    id === undefined ? !folders.has(plain(folder)) : !ids.has(id),
  )
}

async function placeOf(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (error) {
    if (isMissing(error)) return folder
    throw error
  }
}

function refuseTwice(
  folders: readonly string[],
  keys: readonly (string | undefined)[],
  why: string,
): void {
  const second = keys.findIndex((key, index) => key !== undefined && keys.indexOf(key) < index)
  if (second < 0) return
  const first = folders[keys.indexOf(keys[second])] ?? ''
  throw new AgentEvalError(`the eval sets ${first} and ${folders[second] ?? ''} ${why}`, 'usage', {
    hint: 'name each eval set once in agent-eval.yaml, and give each an id of its own',
  })
}

function plain(folder: string): string {
  return path.posix.normalize(folder).replace(/\/$/, '')
}
