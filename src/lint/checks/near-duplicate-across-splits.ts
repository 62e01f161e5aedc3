import type { EvalCase } from '../../schema/case.ts'
import type { CheckedCase, LintCheck } from '../check.ts'
import { wordingOf } from '../wording.ts'

/**
 * A case of the holdout split that reads like one of another split: whoever tuned the agent on the
 * other one has seen it. Ids and digits are masked, so a template's rows count as one wording.
 */
export const nearDuplicateAcrossSplits: LintCheck = {
  id: 'near-duplicate-across-splits',

  check({ cases, evalCase }) {
    if (evalCase.split !== 'holdout') return []
    const twin = seenWordings(cases).get(wordingOf(evalCase))
    if (twin === undefined) return []
    return [
      {
        path: [],
        level: 'warning',
        message: `the user says the same here as in ${twin.id}, which is of the ${twin.split} split, but for numbers`,
        hint: 'say it in other words, or move both cases into one split',
      },
    ]
  },
}

const known = new WeakMap<CheckedCase['cases'], ReadonlyMap<string, EvalCase>>()

/** By wording, the first case outside the holdout split. Computed once a set, not once a case. */
function seenWordings(cases: CheckedCase['cases']): ReadonlyMap<string, EvalCase> {
  const found = known.get(cases)
  if (found !== undefined) return found
  const seen = cases.filter(({ split }) => split !== 'holdout').reverse()
  const computed = new Map(seen.map((one) => [wordingOf(one), one]))
  known.set(cases, computed)
  return computed
}
