import type { SkippedRun } from '../../schema/skipped-run.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import { skippedTitle } from '../markdown/skipped-run.ts'
import { type Violation, violationsOf } from '../notes/violations.ts'
import type { Reporter, ReportInput } from '../reporter.ts'
import { repositoryPath } from '../repository-path.ts'
import { type SarifResult, type SarifRule, sarifLog } from './log.ts'
import { sarifText } from './text.ts'

/** Code scanning shows 5,000 results of a log and refuses more than 25,000. */
const mostResults = 5_000

const levelRank = { error: 0, warning: 1, note: 2 } as const

/**
 * SARIF 2.1.0 of the rules that executed actions broke, for code scanning. Nothing else stands in it: a
 * rate that got worse is no finding at a place. Without a violation the log is valid and empty, which
 * is how hosts learn that an alert is over.
 */
export const sarif: Reporter = {
  id: 'sarif',
  describes: 'SARIF 2.1.0: rules that were broken, for code scanning',

  render(input) {
    const found = violationsOf(input).toSorted((a, b) => levelRank[a.level] - levelRank[b.level])
    const { provenance } = input.result.kind === 'RunResult' ? input.result : input.result.candidate
    const { id } = provenance.evalSet
    const leftOut = Math.max(0, found.length - mostResults)
    return logOf(provenance, {
      results: found.slice(0, mostResults).map((one) => resultOf(one, id, input)),
      ...(leftOut > 0 && { properties: { leftOut } }),
    })
  },
}

/** The same of a run that did not have to be made: it says of no rule that it is kept now. */
export function skippedSarif(skipped: SkippedRun): string {
  const properties = { agentEval: skippedTitle(skipped) }
  return logOf(skipped.provenance, { results: [], properties })
}

function logOf(
  { evalSet, tool }: SkippedRun['provenance'],
  run: Pick<Parameters<typeof sarifLog>[0], 'results' | 'properties'>,
): string {
  return sarifLog({
    tool: { name: 'agent-eval', version: /\d+\.\d+\.\d+/.exec(tool)?.[0] ?? '0.0.0' },
    category: `agent-eval/${encodeURIComponent(sarifText(evalSet.id))}/`,
    ruleOf,
    ...run,
  })
}

function resultOf(violation: Violation, evalSet: string, { context }: ReportInput): SarifResult {
  const { case: subject, file = '', level, line, message, rule, waivedBy } = violation
  const known = repositoryPath(file, context.repositoryFolder)
  // A host refuses the whole log where one result has no file.
  const fallback = repositoryPath('agent-eval.yaml', context.repositoryFolder) ?? 'agent-eval.yaml'
  return {
    ruleId: sarifText(rule),
    level,
    message: sarifText(subject === undefined ? message : `${subject}: ${message}`),
    place: { file: known ?? fallback, ...(known !== undefined && { line }) },
    fingerprints: {
      'agentEvalViolation/v1': sha256(canonicalJson([evalSet, subject ?? '', rule])),
    },
    ...(waivedBy !== undefined && { excuse: sarifText(`waived by ${waivedBy}`) }),
  }
}

function ruleOf(id: string): SarifRule {
  return {
    id,
    shortDescription: { text: `Rule ${id} was broken` },
    fullDescription: {
      text: `An action that the agent executed broke the rule ${id} of the policy that judges the eval set.`,
    },
    help: {
      text: 'Look at a trial of the case with: npx agent-eval show. Make the agent keep the rule, or let its own policy stop such an action.',
    },
  }
}
