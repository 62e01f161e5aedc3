import { type Candidate, modelRef } from '../schema/candidate.ts'
import type { PolicyEngineName } from '../schema/policy.ts'
import { checkOwnExpressions } from './check-own-expressions.ts'
import { checkRules, ruleVariables } from './check-rules.ts'
import { quote, unknownName } from './describe.ts'
import { fileProblem } from './folder-files.ts'
import { below, type Finding, type Path, type Problem } from './problem.ts'
import { checkSchema } from './schema-findings.ts'

/** What the schema of a candidate cannot see. Paths begin at its sections. */
export function checkCandidate(candidate: Candidate): readonly Finding[] {
  const own = [...below(['policy'], checkPolicy(candidate)), ...checkOwnExpressions(candidate)]
  // An agent of one's own asks its own models, or none.
  if (candidate.target !== undefined) return own
  return [...checkTiers(candidate), ...own]
}

function checkPolicy({ fallback, policy }: Candidate): readonly Finding[] {
  const { engine, rules } = policy
  const hasPolicy = engine === 'cel' || policy[engine] !== undefined || rules.length > 0
  return [
    ...(hasPolicy ? [] : [noPolicyFor(engine)]),
    ...below(['rules'], checkRules(rules, ruleVariables)),
    ...rules.flatMap(({ on_fail, zero_tolerance }, index): readonly Finding[] => [
      ...(on_fail === 'fallback' && fallback === undefined
        ? [{ path: ['rules', index, 'on_fail'], ...noFallback }]
        : []),
      ...(zero_tolerance ? [{ path: ['rules', index, 'zero_tolerance'], ...noZero }] : []),
    ]),
  ]
}

function noPolicyFor(engine: PolicyEngineName): Finding {
  return {
    path: ['engine'],
    message: `names an engine but no policy: add \`${engine}\` with the policy, or \`rules\``,
  }
}

const noFallback = {
  message: 'this candidate has no `fallback` to hand over to',
  hint: 'write `fallback: { say: … }` beside `policy`',
}

const noZero = {
  message: 'only the judging policy has zero tolerance',
  hint: 'set it in the policy.yaml of the eval set; a candidate enforces and does not judge',
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
