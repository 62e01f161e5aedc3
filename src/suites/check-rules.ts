import { compileExpression, type VariableUse } from '../expr/expression.ts'
import { compilePattern } from '../expr/pattern.ts'
import type { PolicyRule } from '../schema/policy.ts'
import { checkDemand, expressionsOfDemand } from './check-demand.ts'
import { checkExpression, type WrittenExpression } from './check-expression.ts'
import { quote, unknownName } from './describe.ts'
import type { Finding, Path } from './problem.ts'
import { absentFrom, checkSees } from './rule-surfaces.ts'

/** What the rules of a candidate may name: no state, because production has no such view. */
export const ruleVariables: readonly string[] = [
  'input',
  'output',
  'tool',
  'agent',
  'calls',
  'now',
  'reason',
]

/** Rules that the controls and graders make themselves; a team's rule of that name would be lost. */
export const builtInRules: readonly string[] = [
  'undeclared-effect',
  'approvals.tier-3',
  'approvals.tier-4',
  'budget.dynamic',
  'identity.expired',
  'identity.scope',
  'identity.tenant',
  'justification.tier-0',
  'justification.tier-1',
  'justification.tier-2',
  'justification.tier-3',
  'justification.tier-4',
  'log.cut',
  'no-permit',
  'review.tier-2',
]

/**
 * What policy rules get wrong: expressions, patterns and domains, variables that are not there when
 * the rule is asked, texts that it can never see, ids used twice, tools that do not exist. Paths begin
 * at the list of rules.
 *
 * @param variables - all that rules of this policy may name
 * @param tools - the tools there are; without it any name will do
 */
export function checkRules(
  rules: readonly PolicyRule[],
  variables: readonly string[],
  tools?: ReadonlySet<string>,
): readonly Finding[] {
  const earlier = new Set<string>()
  return rules.flatMap((rule, index) =>
    [
      ...checkId(rule, earlier),
      ...checkExpressions(rule, variables),
      ...checkDemand(rule),
      ...checkSees(rule),
      ...(tools === undefined ? [] : checkTools(rule, tools)),
    ].map((finding) => ({ ...finding, path: [index, ...finding.path] })),
  )
}

function checkId({ id }: PolicyRule, earlier: Set<string>): readonly Finding[] {
  const isRepeated = earlier.has(id)
  earlier.add(id)
  const message = builtInRules.includes(id)
    ? `${quote(id)} is the name of a built-in rule; choose another`
    : `another rule above has the id ${quote(id)}`
  return isRepeated || builtInRules.includes(id) ? [{ path: ['id'], message }] : []
}

/** What an expression names that is not there when its rule is asked would fail on every call. */
function checkExpressions(rule: PolicyRule, variables: readonly string[]): readonly Finding[] {
  const { harm, when } = rule
  const absent = absentFrom(rule)
  const expressions: readonly WrittenExpression[] = [
    ...expressionsOfDemand(rule, variables),
    ...(when === undefined ? [] : [{ path: ['when'], text: when, variables }]),
    ...(harm === undefined ? [] : [{ path: ['harm', 'who'], text: harm.who, variables }]),
    ...(harm?.usd === undefined ? [] : [{ path: ['harm', 'usd'], text: harm.usd, variables }]),
  ]
  return expressions.flatMap((expression) => [
    ...checkExpression(expression),
    ...usesOf(expression.text).flatMap(({ name, offset = 0 }): readonly Finding[] => {
      const why = absent[name]
      return why === undefined || !expression.variables.includes(name)
        ? []
        : [{ path: expression.path, message: why, offset }]
    }),
  ])
}

function usesOf(text: string): readonly VariableUse[] {
  const compiled = compileExpression(text)
  return compiled.ok ? compiled.expression.variables : []
}

function checkTools(
  { after, never_with, tool }: PolicyRule,
  tools: ReadonlySet<string>,
): readonly Finding[] {
  return [
    ...checkTool(['tool'], tool, tools),
    ...checkTool(...namedIn('after', after), tools),
    ...checkTool(...namedIn('never_with', never_with), tools),
  ]
}

function namedIn(
  demand: string,
  other: PolicyRule['after'],
): readonly [path: Path, tool: string | undefined] {
  return typeof other === 'object' ? [[demand, 'tool'], other.tool] : [[demand], other]
}

function checkTool(
  path: Path,
  tool: string | undefined,
  tools: ReadonlySet<string>,
): readonly Finding[] {
  if (tool === undefined || tools.has(tool)) return []
  if (!tool.includes('*')) return [{ path, message: unknownName('tool', tool, tools) }]
  const parts = tool.split('*').map((part) => part.replaceAll(/\W/gu, '\\$&'))
  const compiled = compilePattern(`^${parts.join('.*')}$`)
  if (compiled.ok && [...tools].some((name) => compiled.pattern.test(name))) return []
  return [{ path, message: `${quote(tool)} covers no tool of this world` }]
}
