import type { Candidate } from '../../schema/candidate.ts'
import { asJson, type JsonValue } from '../../schema/json.ts'
import type { PolicyRule } from '../../schema/policy.ts'
import type { RulesChange } from '../../schema/policy-diff.ts'
import { canonicalJson } from '../../text/canonical-json.ts'

/** What decides about actions, and how a candidate's rules name it. */
export type Ruled = Pick<
  Candidate,
  'approvals' | 'fallback' | 'identity' | 'policy' | 'tools' | 'versions'
>

/**
 * What differs between the rules of two candidates, in words: each rule by its id, then whatever else
 * decides. Texts that decide nothing, such as a description, are left out.
 */
export function rulesChanges(old: Ruled, now: Ruled): RulesChange[] {
  return [
    ...changedRules(old.policy.rules, now.policy.rules),
    ...changedMembers('policy', engines(old), engines(now)),
    ...changedMembers('approvals', asJson(old.approvals), asJson(now.approvals)),
    ...changedMembers('identity', asJson(old.identity), asJson(now.identity)),
    ...changedMembers('tools', asJson(old.tools), asJson(now.tools)),
    ...change('fallback', textOf(asValue(old.fallback)), textOf(asValue(now.fallback))),
  ]
}

function changedRules(
  old: readonly PolicyRule[],
  now: readonly PolicyRule[],
): readonly RulesChange[] {
  const before = new Map(old.map((rule) => [rule.id, rule]))
  const after = new Set(now.map(({ id }) => id))
  const removed = old.filter(({ id }) => !after.has(id))
  return [
    ...now.flatMap((rule) => {
      const was = before.get(rule.id)
      return was === undefined
        ? change(rule.id, undefined, wholeRule(rule))
        : changedRule(was, rule)
    }),
    ...removed.flatMap((rule) => change(rule.id, wholeRule(rule), undefined)),
  ]
}

/** What a rule demands goes under its own name; where it applies and what follows, under theirs. */
function changedRule(was: PolicyRule, now: PolicyRule): readonly RulesChange[] {
  const { id } = now
  return [
    ...change(id, demandOf(was), demandOf(now)),
    ...(['tool', 'tiers', 'when', 'sees', 'on_fail'] as const).flatMap((key) =>
      change(`${id}.${key}`, textOf(was[key]), textOf(now[key])),
    ),
  ]
}

function wholeRule(rule: PolicyRule): string {
  const where = rule.tool === undefined ? '' : `${rule.tool}: `
  return `${where}${demandOf(rule)}, else ${rule.on_fail}`
}

function demandOf({
  after,
  at_most,
  condition,
  domains,
  never_says,
  never_with,
}: PolicyRule): string {
  if (condition !== undefined) return condition
  const demands = { after, at_most, domains, never_says, never_with }
  const made = Object.entries(demands).filter(([, value]) => value !== undefined)
  return made.map(([name, value]) => `${name} ${textOf(asValue(value)) ?? ''}`).join(', ')
}

/** The sections of engines, and the content of the files that they name. */
function engines({ policy: { cedar, opa }, versions }: Ruled): Readonly<Record<string, unknown>> {
  return { opa, cedar, files: versions.policyFiles?.replace('sha256:', '').slice(0, 8) }
}

function changedMembers(
  section: string,
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): readonly RulesChange[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort()
  return keys.flatMap((key) =>
    change(`${section}.${key}`, textOf(asValue(old[key])), textOf(asValue(now[key]))),
  )
}

function change(
  what: string,
  was: string | undefined,
  now: string | undefined,
): readonly RulesChange[] {
  if (was === now) return []
  return [{ what, ...(was !== undefined && { was }), ...(now !== undefined && { now }) }]
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  return canonicalJson(value)
}

/** A part of a checked document is JSON. */
function asValue(part: unknown): JsonValue | undefined {
  return part as JsonValue | undefined
}
