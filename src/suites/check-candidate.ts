import { type Candidate, modelRef } from '../schema/candidate.ts'
import { checkRules } from './check-rules.ts'
import { quote, unknownName } from './describe.ts'
import { fileProblem } from './folder-files.ts'
import { below, type Finding, type Path, type Problem } from './problem.ts'
import { checkSchema } from './schema-findings.ts'

/** What a candidate's own rules may name: no state, because production has no such view. */
const ruleVariables = ['input', 'output', 'tool', 'agent', 'calls', 'now']

/** What the schema of a candidate cannot see. Paths begin at its sections. */
export function checkCandidate(candidate: Candidate): readonly Finding[] {
  const rules = below(['policy', 'rules'], checkRules(candidate.policy.rules, ruleVariables))
  // An agent of one's own asks its own models, or none.
  if (candidate.target !== undefined) return rules
  return [...checkTiers(candidate), ...rules]
}

function checkTiers({ model_tier: { executor, router, routes }, models }: Candidate): Finding[] {
  const needed: readonly (readonly [Path, string])[] = [
    [['model_tier', 'executor'], executor],
    ...(router === undefined ? [] : [[['model_tier', 'router'], router] as const]),
    ...Object.keys(routes ?? {}).map((tier) => [['model_tier', 'routes', tier], tier] as const),
  ]
  return needed
    .filter(([, tier]) => !Object.hasOwn(models, tier))
    .map(([path, tier]) => ({
      path,
      message: `tier ${quote(tier)} has no model`,
      hint: `write \`--model ${tier}=provider:model\`, or \`models: { ${tier}: provider:model }\` in agent-eval.yaml`,
    }))
}

/** What is wrong with `--model TIER=ref`: a tier that this candidate does not use, or no model. */
export function checkModelOverrides(
  models: Readonly<Record<string, string>>,
  { router, executor, routes = {} }: Partial<Candidate['model_tier']> = {},
): readonly Problem[] {
  const named = [executor ?? 'default', ...(router === undefined ? [] : [router])]
  const tiers = [...new Set([...named, ...Object.keys(routes)])]
  return Object.entries(models).flatMap(([tier, ref]) => {
    const option = `--model ${tier}=${ref}`
    if (!tiers.includes(tier)) return [fileProblem(option, unknownName('tier', tier, tiers))]
    const checked = checkSchema(modelRef, ref)
    return checked.ok ? [] : checked.findings.map(({ message }) => fileProblem(option, message))
  })
}
