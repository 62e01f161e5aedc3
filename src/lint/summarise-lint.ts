import type { EvalCase } from '../schema/case.ts'
import type { LintFigures } from '../schema/lint-figures.ts'
import type { LintCase, LintFinding, LintResult } from '../schema/lint-result.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { CaseFinding } from './case-finding.ts'
import type { CaseReport } from './lint-case.ts'
import { nullAgents } from './null-agents.ts'
import { varietyOf } from './variety.ts'

interface LintedCase {
  readonly evalCase: EvalCase
  readonly report: CaseReport
}

/**
 * The result of a set from what was found of its cases.
 *
 * Only active cases count in the figures. What is found in a draft or a quarantined case is a
 * warning; a draft without an oracle has no report and is left out. The order in which cases were
 * looked at makes no difference.
 */
export function summariseLint(
  evalSet: LoadedEvalSet,
  reports: ReadonlyMap<string, CaseReport>,
): LintResult {
  const linted = evalSet.cases.flatMap((evalCase): readonly LintedCase[] => {
    const report = reports.get(evalCase.id)
    return report === undefined ? [] : [{ evalCase, report }]
  })
  const active = linted.filter(({ evalCase }) => evalCase.status === 'active')
  const scores = nullAgents.map(({ id }) => ({
    id,
    passed: active.filter(({ report }) => report.passedBy.includes(id)).length,
    scored: active.length,
  }))
  const { id, version } = evalSet.file
  const placed = linted.map((one) => ({ ...one, findings: placeFindings(one, evalSet) }))
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'LintResult',
    evalSet: { id, version, hash: evalSet.hash },
    cases: placed.map(rowOf),
    nullAgents: scores,
    figures: figuresOf(active, scores),
    variety: varietyOf(active.map(({ evalCase }) => evalCase)),
    findings: placed.flatMap(({ findings }) => findings),
  }
}

function rowOf({
  evalCase,
  findings,
  report,
}: LintedCase & { readonly findings: readonly LintFinding[] }): LintCase {
  return {
    id: evalCase.id,
    usable: findings.every(({ level }) => level !== 'error'),
    mutants: report.mutants,
    passedBy: [...report.passedBy],
  }
}

function figuresOf(active: readonly LintedCase[], scores: LintResult['nullAgents']): LintFigures {
  const sum = (of: keyof LintCase['mutants']): number =>
    active.reduce((total, { report }) => total + report.mutants[of], 0)
  const [first] = scores
  if (active.length === 0 || first === undefined) return {}
  return {
    mutants: { made: sum('made'), killed: sum('killed'), declared: sum('declared') },
    nullAgent: scores.reduce((best, one) => (one.passed > best.passed ? one : best), first),
  }
}

function placeFindings(
  { evalCase, report }: LintedCase,
  evalSet: LoadedEvalSet,
): readonly LintFinding[] {
  return report.findings.map((finding) => ({
    rule: finding.rule,
    level: evalCase.status === 'active' ? finding.level : 'warning',
    case: evalCase.id,
    message: finding.message,
    ...(finding.hint !== undefined && { hint: finding.hint }),
    ...placeOf(evalCase.id, finding, evalSet),
    ...(finding.mutant !== undefined && { mutant: finding.mutant }),
    ...(finding.diff !== undefined && { diff: [...finding.diff] }),
  }))
}

function placeOf(
  caseId: string,
  { path }: CaseFinding,
  evalSet: LoadedEvalSet,
): Pick<LintFinding, 'file' | 'line' | 'column'> {
  const place = evalSet.placeOf(caseId, path) ?? evalSet.placeOf(caseId, [])
  const { file, line, column } = place ?? { file: '' }
  return {
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  }
}
