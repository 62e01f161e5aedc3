import { AgentEvalError } from '../../errors.ts'
import type { LintedSet } from '../../report/lint/reporter.ts'
import type { LintCase, LintResult } from '../../schema/lint-result.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import type { Linted } from './lint-cache.ts'

/**
 * What was found of these cases only; of all where none is named. A set that has none of them is
 * left out. The name of a template stands for all its rows.
 *
 * Figures are counted over what is left; how varied the set is remains said of the whole.
 *
 * @throws AgentEvalError (usage) for a case that no set has
 */
export function selectFindings(
  linted: readonly Linted[],
  wanted: readonly string[] = [],
): readonly LintedSet[] {
  if (wanted.length === 0) return linted
  const known = linted.flatMap(({ result }) => result.cases.map(({ id }) => id))
  const unknown = wanted.find((id) => !known.some((one) => isMeant(one, id)))
  if (unknown !== undefined) throw unknownCase(unknown, known)
  return linted
    .map(({ name, result }) => ({ name, result: onlyCases(result, wanted) }))
    .filter(({ result }) => result.cases.length > 0)
}

function isMeant(id: string, wanted: string): boolean {
  return id === wanted || id.startsWith(`${wanted}[`)
}

function unknownCase(id: string, known: readonly string[]): AgentEvalError {
  const close = didYouMean(id, known)
  return new AgentEvalError(`unknown case "${id}"`, 'usage', {
    ...(close !== undefined && { hint: `did you mean "${close}"?` }),
  })
}

function onlyCases(result: LintResult, wanted: readonly string[]): LintResult {
  const isWanted = (id: string): boolean => wanted.some((one) => isMeant(id, one))
  const cases = result.cases.filter(({ id }) => isWanted(id))
  const nullAgents = result.nullAgents.map(({ id }) => ({
    id,
    passed: cases.filter(({ passedBy }) => passedBy.includes(id)).length,
    scored: cases.length,
  }))
  return {
    ...result,
    cases,
    nullAgents,
    figures: figuresOf(cases, nullAgents),
    findings: result.findings.filter((one) => one.case !== undefined && isWanted(one.case)),
  }
}

function figuresOf(
  cases: LintResult['cases'],
  nullAgents: LintResult['nullAgents'],
): LintResult['figures'] {
  const sum = (of: keyof LintCase['mutants']): number =>
    cases.reduce((total, { mutants }) => total + mutants[of], 0)
  const [first] = nullAgents
  return {
    mutants: { made: sum('made'), killed: sum('killed'), declared: sum('declared') },
    ...(first !== undefined && {
      nullAgent: nullAgents.reduce((best, one) => (one.passed > best.passed ? one : best), first),
    }),
  }
}
