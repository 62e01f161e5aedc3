import { z } from 'zod'
import type { AgentChoice, ReportContext } from '../report/reporter.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import type { Comparison, RunResult } from '../schema/run-result.ts'

/** What reports suggest to type. */
export const commandPrefix = 'npx agent-eval'

/** The candidate's run, as far as it is known. */
export interface ReportedRun {
  /** As the user would type it. */
  readonly path?: string | undefined
  readonly manifest?: Pick<RunManifest, 'options'> | undefined
}

/** What a report needs besides the document: how the user reaches it again. */
export function reportContext(
  result: RunResult | Comparison,
  { manifest, path }: ReportedRun = {},
): ReportContext {
  const { provenance } = result.kind === 'RunResult' ? result : result.candidate
  const agent = manifest === undefined ? undefined : agentOf(manifest)
  return { evalSetName: provenance.evalSet.id, commandPrefix, runPath: path, agent }
}

const agentChoice = z.object({
  candidate: z.string().optional(),
  model: z.array(z.string()).optional(),
  set: z.array(z.string()).optional(),
})

/** A manifest from elsewhere may hold anything there. */
function agentOf({ options }: Pick<RunManifest, 'options'>): AgentChoice | undefined {
  return agentChoice.safeParse(options).data
}
