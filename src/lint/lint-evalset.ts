import type { EvalCase } from '../schema/case.ts'
import type { LintFigures } from '../schema/lint-figures.ts'
import type { LintCase, LintFinding, LintResult } from '../schema/lint-result.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { ModuleTools } from '../world/prepare-world.ts'
import type { CaseFinding } from './case-finding.ts'
import { type CaseReport, lintCase } from './lint-case.ts'
import { nullAgents } from './null-agents.ts'
import { type OpenedCase, openCase } from './open-case.ts'
import { createPlayer } from './player.ts'
import { varietyOf } from './variety.ts'

export interface LintRequest {
  readonly evalSet: LoadedEvalSet
  readonly modules: ModuleTools
  /** Where a part of a case stands; asked for findings only. Default: as the eval set says. */
  readonly positionOf?: LoadedEvalSet['placeOf']
}

interface LintedCase {
  readonly evalCase: EvalCase
  readonly report: CaseReport
}

/**
 * Shows of every case whether it can fail: plays its oracle, agents without a brain, and the oracle
 * with one thing wrong at a time, all without a model and without any candidate's own rules.
 *
 * Only active cases count in the figures. What is found in a draft or a quarantined case is a
 * warning; a draft without an oracle is left out. Equal sets give equal results.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function lintEvalSet(request: LintRequest): Promise<LintResult> {
  const { evalSet } = request
  const linted = await lintCases(request)
  const active = linted.filter(({ evalCase }) => evalCase.status === 'active')
  const scores = nullAgents.map(({ id }) => ({
    id,
    passed: active.filter(({ report }) => report.passedBy.includes(id)).length,
    scored: active.length,
  }))
  const { id, version } = evalSet.file
  const placed = linted.map((one) => ({ ...one, findings: placeFindings(one, request) }))
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

async function lintCases({ evalSet, modules }: LintRequest): Promise<readonly LintedCase[]> {
  const prepare = await createPlayer(evalSet, modules)
  const opened: OpenedCase[] = []
  for (const evalCase of evalSet.cases) {
    if (evalCase.oracle.length > 0) opened.push(await openCase(evalCase, prepare))
  }
  const playedOracles = new Map(opened.map(({ evalCase, oracle }) => [evalCase.id, oracle]))
  const linted: LintedCase[] = []
  for (const one of opened) {
    const report = await lintCase(one, { evalSet, prepare, playedOracles })
    linted.push({ evalCase: one.evalCase, report })
  }
  return linted
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
  request: LintRequest,
): readonly LintFinding[] {
  return report.findings.map((finding) => ({
    rule: finding.rule,
    level: evalCase.status === 'active' ? finding.level : 'warning',
    case: evalCase.id,
    message: finding.message,
    ...(finding.hint !== undefined && { hint: finding.hint }),
    ...placeOf(evalCase.id, finding, request),
    ...(finding.mutant !== undefined && { mutant: finding.mutant }),
    ...(finding.diff !== undefined && { diff: [...finding.diff] }),
  }))
}

function placeOf(
  caseId: string,
  { path }: CaseFinding,
  { evalSet, positionOf = evalSet.placeOf }: LintRequest,
): Pick<LintFinding, 'file' | 'line' | 'column'> {
  const place = positionOf(caseId, path) ?? evalSet.placeOf(caseId, [])
  const { file, line, column } = place ?? { file: '' }
  return {
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  }
}
