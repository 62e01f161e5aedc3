import type { EvalCase } from '../schema/case.ts'
import type { LintResult } from '../schema/lint-result.ts'
import { isCallStep } from './play-step.ts'
import { wordingOf } from './wording.ts'

/** How varied some cases are: a hundred copies of one case measure one thing. */
export function varietyOf(cases: readonly EvalCase[]): LintResult['variety'] {
  const distinct = (of: (one: EvalCase) => string): number => new Set(cases.map(of)).size
  return {
    cases: cases.length,
    templates: distinct(({ cluster }) => cluster),
    wordings: distinct(wordingOf),
    oracleShapes: distinct(oracleShape),
  }
}

function oracleShape({ oracle }: EvalCase): string {
  return oracle.map((step) => (isCallStep(step) ? step.call : 'say:')).join(' ')
}
