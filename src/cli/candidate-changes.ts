import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ruleChange } from '../gate/rule-words.ts'
import { asJson } from '../schema/json.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import { parseCandidate } from '../suites/load-candidate.ts'
import { hashOf } from '../text/hash.ts'
import type { EvalSetAtBase } from './evalset-at-base.ts'
import { fileAtRef } from './git.ts'
import type { BaseCommit } from './merge-base.ts'
import { isMissing } from './node-folder.ts'
import type { Project, ProjectEvalSet } from './project.ts'

interface Measuring {
  readonly evalSet: ProjectEvalSet
  readonly project: Project
  readonly base: BaseCommit
}

/**
 * What a change does to which agent is measured. The one that the change names is: nobody else says
 * what is deployed. So it is told, and also where the agent of the base stays, is another one now, and
 * is not measured any more: then the named one may be a decoy.
 */
export async function candidateChanges(
  measuring: Measuring,
  atBase: EvalSetAtBase,
): Promise<readonly RuleChange[]> {
  const [base, here] = [atBase.file.candidate, measuring.evalSet.loaded.file.candidate]
  const isSame = base !== undefined && here !== undefined && plain(base) === plain(here)
  if (isSame || base === here) return []
  const named = ruleChange('candidate', { base, here }, 'change')
  if (base === undefined || !(await isAnother(base, measuring, atBase))) return named
  const unmeasured = { base: 'the candidate', here: 'changed and not measured' }
  return [...named, ...ruleChange(base, unmeasured, 'change')]
}

/** Whether the agent in a file of the eval set is there, and not what it is at the base. */
async function isAnother(
  file: string,
  { base, evalSet, project }: Measuring,
  atBase: EvalSetAtBase,
): Promise<boolean> {
  const before = await agentIn(file, project.config.models, (name) =>
    fileAtRef(project.cwd, base.commit, path.posix.join(atBase.folder, name)),
  )
  const now = await agentIn(file, project.config.models, (name) =>
    textIn(path.resolve(evalSet.folder, name)),
  )
  return before !== undefined && now !== undefined && before !== now
}

/**
 * An agent as one text, its prompt included, whatever the layout of its file; that file as it stands
 * where it cannot be read as an agent.
 *
 * @returns `undefined` where there is no such file
 */
async function agentIn(
  file: string,
  models: Readonly<Record<string, string>>,
  read: (file: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const text = await read(file)
  if (text === undefined) return undefined
  const beside = (name: string): string => path.posix.join(path.posix.dirname(plain(file)), name)
  const parsed = await parseCandidate(text, file, {
    models,
    overrides: { models: {}, set: [] },
    readPromptFile: (name) => read(beside(name)),
    engineFiles: {
      readBytes: async (name) => bytesOf(await read(beside(name))),
      list: async (name) => ((await read(beside(name))) === undefined ? [] : [name]),
    },
  })
  return parsed.ok ? hashOf(asJson(parsed.value)) : text
}

function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(text)
}

async function textIn(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function plain(file: string): string {
  return path.posix.normalize(file)
}
