import { AgentEvalError } from '../errors.ts'
import type { JudgeSettings } from '../schema/judge.ts'
import { modelFamilies } from './model-family.ts'

/**
 * Refuses a judge that is of the candidate's own family, unless the eval set accepts that: judges
 * favour what they would have written themselves.
 *
 * @param candidates - every model that may run the candidate's task, as `provider:model`
 * @throws AgentEvalError (usage) naming both models and the setting that accepts it
 * @see Panickssery et al. 2024, LLM Evaluators Recognize and Favor Their Own Generations,
 *   arXiv:2404.13076
 */
export function requireOtherFamily(
  judge: string,
  candidates: readonly string[],
  settings: Pick<JudgeSettings, 'allow_same_family'>,
): void {
  if (settings.allow_same_family) return
  const own = new Set(modelFamilies(judge))
  const related = candidates.find((model) => modelFamilies(model).some((one) => own.has(one)))
  if (related === undefined) return
  throw new AgentEvalError(
    `the judge ${JSON.stringify(judge)} is of the same family as the candidate's model ${JSON.stringify(related)}`,
    'usage',
    {
      hint: 'judges favour their own: name another in evalset.yaml, or accept it there with `judge: { allow_same_family: true }`',
    },
  )
}
