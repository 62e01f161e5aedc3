import { ruleChange } from '../../gate/rule-words.ts'
import type { PolicySettings, ProjectConfig } from '../../schema/project.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'

/** What policies of a change may send to their servers, and what the change does to that. */
interface PoliciesInForce {
  readonly policies: PolicySettings
  readonly changes: readonly RuleChange[]
}

type Allowing = Pick<ProjectConfig, 'policies' | 'providers'>

/** The names that the makers' own programs use, whatever the project file says. */
const makersKeys = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY']

/** Whether a variable holds the key of a model service. Windows does not tell `a` from `A` in names. */
export function isServiceKey(name: string, { providers }: Pick<Allowing, 'providers'>): boolean {
  const keys = Object.values(providers).flatMap(({ api_key_env: key }) => key ?? [])
  const same = name.toUpperCase()
  return [...makersKeys, ...keys].some((key) => key.toUpperCase() === same)
}

/** The variables that policies may send by a project file alone, sorted. */
export function allowedBy(config: Allowing): readonly string[] {
  const names = config.policies.token_env.filter((name) => !isServiceKey(name, config))
  return [...new Set(names)].sort()
}

/**
 * The variables that policies may send by both, so that no change allows itself one.
 *
 * @param base - `undefined` where the base has no project file: it allows none then
 */
export function policiesAtBase(here: Allowing, base: Allowing | undefined): PoliciesInForce {
  const values = { base: base === undefined ? [] : allowedBy(base), here: allowedBy(here) }
  const both = values.here.filter((name) => values.base.includes(name))
  const holds = both.length === values.here.length ? 'here' : 'base'
  const what = 'environment variables that policies may send'
  return { policies: { token_env: both }, changes: ruleChange(what, values, holds) }
}
