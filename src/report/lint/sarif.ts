import type { LintFinding } from '../../schema/lint-result.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { sha256 } from '../../text/hash.ts'
import { type SarifRule, sarifLog } from '../sarif/log.ts'
import { sarifText } from '../sarif/text.ts'
import { diffLines } from './diff.ts'
import type { LintedSet, LintReporter } from './reporter.ts'
import { lintRuleText } from './rules.ts'

/**
 * SARIF 2.1.0, for code scanning and editors: findings are breaches of a rule at a place, which is
 * what the format is for. All eval sets stand in one run, because hosts keep one run of a tool.
 */
export const lintSarif: LintReporter = {
  id: 'sarif',
  describes: 'SARIF 2.1.0, for code scanning and editors',

  render({ sets, toolVersion }) {
    const found = sets.flatMap((set) => set.result.findings.map((finding) => ({ set, finding })))
    const occurrences = new Map<string, number>()
    return sarifLog({
      tool: { name: 'agent-eval lint', version: toolVersion },
      category: 'agent-eval/lint/',
      ruleOf,
      results: found.map(({ finding, set }) => ({
        ruleId: finding.rule,
        level: finding.level,
        message: messageOf(finding),
        // Relative to where the command ran, which in CI is the root of the repository.
        place: finding,
        fingerprints: { 'agentEvalLint/v1': fingerprintOf(finding, set, occurrences) },
      })),
    })
  },
}

function ruleOf(id: string): SarifRule {
  const { mend, title, why } = lintRuleText(id)
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\nTo mend it: ${mend}` },
  }
}

/** What is wrong, what a surviving mutant does differently, and what would mend it. */
function messageOf(finding: LintFinding): string {
  const { case: subject, hint, message } = finding
  return [
    sarifText(subject === undefined ? message : `${subject}: ${message}`),
    ...diffLines(finding).map(({ sign, text }) => `${sign} ${sarifText(text)}`),
    ...(hint === undefined ? [] : [sarifText(`To mend it: ${hint}`)]),
  ].join('\n')
}

/**
 * The same for the same finding wherever its lines move to: an alert that somebody dismissed stays
 * dismissed. Equal findings of one case are told apart by their order.
 */
function fingerprintOf(
  { case: subject = '', message, mutant = '', rule }: LintFinding,
  { result }: LintedSet,
  occurrences: Map<string, number>,
): string {
  const identity = canonicalJson([
    result.evalSet.id,
    subject,
    rule,
    mutant === '' ? message : mutant,
  ])
  const nth = (occurrences.get(identity) ?? 0) + 1
  occurrences.set(identity, nth)
  return `${sha256(identity)}:${nth}`
}
