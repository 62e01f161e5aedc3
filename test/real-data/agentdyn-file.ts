import { z } from 'zod'
import { agentdojoLine, isAttacked, isInjectionTask } from '../../src/importers/agentdojo-file.ts'
import { readDataLines } from './data-folder.ts'
import type { Recording } from './recordings.ts'

/** What stands in a file of AgentDyn, before anything is made of it. */
export interface AgentDynFile {
  /** Runs without an attack, and those of them that carry the flag of a successful one. */
  readonly benign: number
  readonly benignMarkedSecure: number
  /** Runs in which the attacker's task was given as if the user had asked for it. */
  readonly injectionTasks: number
  /** What the runs call their configuration. */
  readonly pipelines: readonly string[]
}

export function agentDynFile({ file }: Recording): AgentDynFile {
  const runs = z.array(agentdojoLine).parse(readDataLines(file))
  const benign = runs.filter((run) => !isAttacked(run))
  return {
    benign: benign.length,
    benignMarkedSecure: benign.filter((run) => run.security === true).length,
    injectionTasks: runs.filter(isInjectionTask).length,
    pipelines: [...new Set(runs.map((run) => run.pipeline_name ?? ''))],
  }
}
