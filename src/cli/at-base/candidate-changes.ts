import path from 'node:path'
import { ruleChange } from '../../gate/rule-words.ts'
import { asJson } from '../../schema/json.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'
import { hashOf } from '../../text/hash.ts'
import { type AgentInFile, agentInFile } from '../candidate/agent-in-file.ts'
import { fileAtRef } from '../git/git.ts'
import type { BaseCommit } from '../git/merge-base.ts'
import { textIfThere } from '../outside/if-there.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import type { EvalSetAtBase } from './evalset-at-base.ts'

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
  const before = await agentInFile(file, project.config.models, (name) =>
    fileAtRef(project.cwd, base.commit, path.posix.join(atBase.folder, name)),
  )
  const now = await agentInFile(file, project.config.models, (name) =>
    textIfThere(path.resolve(evalSet.folder, name)),
  )
  return before !== undefined && now !== undefined && textOf(before) !== textOf(now)
}

/**
 * An agent as one text, its prompt included, whatever the layout of its file; that file as it stands
 * where it cannot be read as an agent.
 */
function textOf({ agent, text }: AgentInFile): string {
  return agent === undefined ? text : hashOf(asJson(agent))
}

function plain(file: string): string {
  return path.posix.normalize(file)
}
