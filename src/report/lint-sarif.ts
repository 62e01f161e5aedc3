import type { LintFinding } from '../schema/lint-result.ts'
import { canonicalJson, prettyCanonicalJson } from '../text/canonical-json.ts'
import { sha256 } from '../text/hash.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { diffLines } from './lint-diff.ts'
import type { LintedSet, LintReporter } from './lint-reporter.ts'
import { lintRuleText } from './lint-rules.ts'
import { sarifText } from './sarif-text.ts'

/**
 * SARIF 2.1.0, for code scanning and editors: findings are breaches of a rule at a place, which is
 * what the format is for. All eval sets stand in one run, because hosts keep one run of a tool.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export const lintSarif: LintReporter = {
  id: 'sarif',
  describes: 'SARIF 2.1.0, for code scanning and editors',

  render({ sets, toolVersion }) {
    const found = sets.flatMap((set) => set.result.findings.map((finding) => ({ set, finding })))
    const ruleIds = [...new Set(found.map(({ finding }) => finding.rule))].sort()
    const ruleIndex = new Map(ruleIds.map((id, index) => [id, index]))
    const occurrences = new Map<string, number>()
    return prettyCanonicalJson({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          automationDetails: { id: 'agent-eval/lint/' },
          // Columns as the YAML reader counts them.
          columnKind: 'utf16CodeUnits',
          tool: {
            driver: {
              name: 'agent-eval lint',
              semanticVersion: toolVersion,
              rules: ruleIds.map(ruleOf),
            },
          },
          results: found.map(({ finding, set }) => ({
            ruleId: finding.rule,
            ruleIndex: ruleIndex.get(finding.rule) ?? -1,
            level: finding.level,
            message: { text: messageOf(finding) },
            locations: [locationOf(finding)],
            partialFingerprints: { 'agentEvalLint/v1': fingerprintOf(finding, set, occurrences) },
          })),
        },
      ],
    })
  },
}

function ruleOf(id: string) {
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

function locationOf({ column, file, line }: LintFinding) {
  const region = {
    ...(line !== undefined && { startLine: Math.max(1, line) }),
    ...(line !== undefined && column !== undefined && { startColumn: Math.max(1, column) }),
  }
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      // Code scanning shows no result without a line.
      region: line === undefined ? { startLine: 1 } : region,
    },
  }
}

/** Relative to where the command ran, which in CI is the root of the repository. */
function uriOf(file: string): string {
  return terminalLine(file).replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
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
