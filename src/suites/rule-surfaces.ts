import { compileExpression } from '../expr/expression.ts'
import type { PolicyRule, Surface } from '../schema/policy.ts'
import type { Finding } from './problem.ts'

/**
 * Which texts a rule sees; none: it is asked before the call and sees no output. The same as in
 * `placeRule` of the controls.
 */
function surfacesOf({
  condition,
  domains,
  never_says,
  sees,
  tool,
}: PolicyRule): readonly Surface[] {
  if (sees !== undefined) return sees
  if (never_says !== undefined || domains !== undefined) {
    return tool === undefined ? ['reply'] : ['arguments']
  }
  if (condition === undefined || !namesOutput(condition)) return []
  return tool === undefined ? ['reply'] : ['result']
}

/** Variables that are not there when a rule is asked, and why. */
export function absentFrom(rule: PolicyRule): Readonly<Record<string, string>> {
  const surfaces = surfacesOf(rule)
  if (surfaces.length === 0) return { output: noOutput(rule) }
  if (!surfaces.some(isOfNoCall)) return {}
  const message =
    rule.sees === undefined
      ? 'belongs to a call; a rule about what the agent says has none unless it names a tool'
      : 'belongs to a call; a rule that sees replies or log lines has none'
  return {
    input: `"input" ${message}`,
    tool: `"tool" ${message}`,
    reason: `"reason" ${message}`,
  }
}

/** Combinations of what a rule is about and what it sees that can never be asked or mended. */
export function checkSees(rule: PolicyRule): readonly Finding[] {
  const { after, at_most, never_with, on_fail, tiers, tool } = rule
  const surfaces = surfacesOf(rule)
  const findings: Finding[] = []
  if (surfaces.some(isOfNoCall)) {
    const message = 'replies and log lines belong to no tool and have no tier'
    const hint = 'a rule of its own sees them, without `tool` and `tiers`'
    if (tool !== undefined) findings.push({ path: ['tool'], message, hint })
    if (tiers !== undefined) findings.push({ path: ['tiers'], message, hint })
    if (at_most !== undefined) {
      findings.push({ path: ['at_most'], message: 'counts calls; replies and log lines are none' })
    }
  }
  if (on_fail !== 'redact') return findings
  if (surfaces.length === 0) {
    const message = 'this rule sees no text that could be redacted'
    return [
      ...findings,
      { path: ['on_fail'], message, hint: 'say with `sees` which texts it sees' },
    ]
  }
  if (after !== undefined || never_with !== undefined || at_most !== undefined) {
    const message = 'redaction changes texts, and not which calls were made'
    return [...findings, { path: ['on_fail'], message }]
  }
  return findings
}

function noOutput({ condition }: PolicyRule): string {
  return condition === undefined
    ? 'there is no output before the call; say with `sees` which texts this rule sees'
    : 'there is no output before the call; name it in the condition as well'
}

function isOfNoCall(surface: Surface): boolean {
  return surface === 'reply' || surface === 'log'
}

function namesOutput(text: string): boolean {
  const compiled = compileExpression(text)
  return compiled.ok && compiled.expression.variables.some(({ name }) => name === 'output')
}
