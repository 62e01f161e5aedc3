import type { Budgets } from '../schema/budgets.ts'
import { asJson } from '../schema/json.ts'
import type { JudgingPolicy, PolicyRule } from '../schema/policy.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import type { World } from '../schema/world.ts'
import { hashOf } from '../text/hash.ts'
import { ruleChange, sameValue } from './rule-words.ts'

/** What all cases of an eval set are judged by, beside themselves. */
export interface Yardstick {
  readonly policy: JudgingPolicy
  /** Hash of the files that the policy's engines are made of. */
  readonly policyFiles?: string | undefined
  readonly world: World
  readonly budgets: Budgets
}

/**
 * What a change under test does to the yardstick that all cases share.
 *
 * Trials are judged by the yardstick of the tree that runs them, so the change's own counts. It makes
 * every case another one than the baseline's: nothing can be compared, and the verdict says so. A
 * loosened rule therefore never turns a red gate green; it turns it into no verdict at all.
 */
export function yardstickChanges(base: Yardstick, here: Yardstick): readonly RuleChange[] {
  return [
    ...policyRuleChanges(base.policy, here.policy),
    ...ruleChange(
      'policy.approvals',
      { base: asJson(base.policy.approvals), here: asJson(here.policy.approvals) },
      'change',
    ),
    ...(['identity', 'opa', 'cedar'] as const).flatMap((section) =>
      ruleChange(
        `policy.${section}`,
        { base: asJson(base.policy)[section], here: asJson(here.policy)[section] },
        'change',
      ),
    ),
    ...ruleChange(
      'policy, files of its engines',
      { base: base.policyFiles, here: here.policyFiles },
      'change',
    ),
    ...ruleChange(
      'policy.severe_tier',
      { base: base.policy.severe_tier, here: here.policy.severe_tier },
      'change',
    ),
    ...ruleChange(
      'world',
      { base: fingerprint(base.world), here: fingerprint(here.world) },
      'change',
    ),
    ...ruleChange(
      'defaults.budgets',
      { base: asJson(base.budgets), here: asJson(here.budgets) },
      'change',
    ),
  ]
}

function policyRuleChanges(base: JudgingPolicy, here: JudgingPolicy): readonly RuleChange[] {
  const [then, now] = [byId(base), byId(here)]
  const ids = [...new Set([...then.keys(), ...now.keys()])].sort()
  const changes = ids.flatMap((id) => {
    const [before, after] = [then.get(id), now.get(id)]
    if (sameValue(before && asJson(before), after && asJson(after))) return []
    const both = { base: before && ruleText(before), here: after && ruleText(after) }
    return ruleChange(`judging policy, rule ${id}`, both, 'change')
  })
  if (changes.length > 0) return changes
  const order = { base: [...then.keys()], here: [...now.keys()] }
  return ruleChange('judging policy, order of rules', order, 'change')
}

function byId({ rules }: JudgingPolicy): ReadonlyMap<string, PolicyRule> {
  return new Map(rules.map((rule) => [rule.id, rule]))
}

/** In the words of the file: on what, when, what must hold, what happens otherwise, and all the rest. */
function ruleText(rule: PolicyRule): string {
  const { condition, description, on_fail, tool, when, ...rest } = rule
  const others = Object.entries(rest).filter(
    ([name, value]) => name !== 'id' && value !== undefined && value !== false,
  )
  return [
    ...(tool === undefined ? [] : [tool]),
    ...(when === undefined ? [] : [`when ${when}`]),
    ...(condition === undefined ? [] : [condition]),
    ...others.map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    ...(on_fail === 'deny' ? [] : [on_fail]),
    ...(description === undefined ? [] : [`(${description})`]),
  ].join(': ')
}

function fingerprint(world: World): string {
  return hashOf(asJson({ ...world, apiVersion: undefined, kind: undefined }))
}
