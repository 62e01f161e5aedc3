import type { ReportContext } from '../report/reporter.ts'
import type { Comparison, RunResult } from '../schema/run-result.ts'

/** What reports suggest to type. */
export const commandPrefix = 'npx agent-eval'

/** What a report needs besides the document: how the user reaches it again. */
export function reportContext(result: RunResult | Comparison, runPath?: string): ReportContext {
  const { provenance } = result.kind === 'RunResult' ? result : result.candidate
  return { evalSetName: provenance.evalSet.id, commandPrefix, runPath }
}
