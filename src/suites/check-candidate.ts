import { type Candidate, modelRef } from '../schema/candidate.ts'
import { checkRules } from './check-rules.ts'
import { quote, unknownName } from './describe.ts'
import { fileProblem } from './folder-files.ts'
import { below, type Finding, type Problem } from './problem.ts'
import { checkSchema } from './schema-findings.ts'

/** What a candidate's own rules may name: no state, because production has no such view. */
const ruleVariables = ['input', 'output', 'tool', 'agent', 'calls', 'now']

/** What the schema of a candidate cannot see. Paths begin at its sections. */
export function checkCandidate(candidate: Candidate): readonly Finding[] {
  const { executor } = candidate.model_tier
  const rules = below(['policy', 'rules'], checkRules(candidate.policy.rules, ruleVariables))
  if (Object.hasOwn(candidate.models, executor)) return rules
  const message = `tier ${quote(executor)} has no model`
  const hint = `write \`--model ${executor}=provider:model\`, or \`models: { ${executor}: provider:model }\` in agent-eval.yaml`
  return [{ path: ['model_tier', 'executor'], message, hint }, ...rules]
}

/** What is wrong with `--model TIER=ref`: a tier that this candidate does not use, or no model. */
export function checkModelOverrides(
  models: Readonly<Record<string, string>>,
  { router, executor }: Partial<Candidate['model_tier']> = {},
): readonly Problem[] {
  const tiers = [executor ?? 'default', ...(router === undefined ? [] : [router])]
  return Object.entries(models).flatMap(([tier, ref]) => {
    const option = `--model ${tier}=${ref}`
    if (!tiers.includes(tier)) return [fileProblem(option, unknownName('tier', tier, tiers))]
    const checked = checkSchema(modelRef, ref)
    return checked.ok ? [] : checked.findings.map(({ message }) => fileProblem(option, message))
  })
}
