import { compileExpression, type VariableUse } from '../expr/expression.ts'
import { compilePattern } from '../expr/pattern.ts'
import type { PolicyRule } from '../schema/policy.ts'
import { checkExpression } from './check-expression.ts'
import { quote, unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

/** Rules that the controls and graders make themselves; a team's rule of that name would be lost. */
export const builtInRules: readonly string[] = [
  'undeclared-effect',
  'approvals.tier-3',
  'approvals.tier-4',
]

/**
 * What policy rules get wrong: expressions, variables that are not there when the rule is asked,
 * ids used twice, tools that do not exist. Paths begin at the list of rules.
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
      ...checkConditions(rule, variables),
      ...(tools === undefined ? [] : checkTool(rule, tools)),
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
function checkConditions(
  { condition, harm, when, tool }: PolicyRule,
  variables: readonly string[],
): readonly Finding[] {
  const judgesOutput = usesOf(condition).some(({ name }) => name === 'output')
  const absent = judgesOutput ? absentFromReply(tool) : absentBeforeCall
  const expressions = [
    { path: ['condition'], text: condition, variables },
    ...(when === undefined ? [] : [{ path: ['when'], text: when, variables }]),
    ...(harm === undefined ? [] : [{ path: ['harm', 'who'], text: harm.who, variables }]),
    ...(harm?.usd === undefined ? [] : [{ path: ['harm', 'usd'], text: harm.usd, variables }]),
  ]
  return expressions.flatMap((expression) => [
    ...checkExpression(expression),
    ...usesOf(expression.text).flatMap(({ name, offset = 0 }): readonly Finding[] => {
      const why = absent[name]
      return why === undefined || !variables.includes(name)
        ? []
        : [{ path: expression.path, message: why, offset }]
    }),
  ])
}

type Absent = Readonly<Record<string, string>>

/** A rule is asked before the call unless its condition, not only its `when`, names `output`. */
const absentBeforeCall: Absent = {
  output: 'there is no output before the call; name it in the condition as well',
}

/** A rule about output without a tool judges what the agent says. */
function absentFromReply(tool: string | undefined): Absent {
  if (tool !== undefined) return {}
  const message =
    'belongs to a call; a rule about what the agent says has none unless it names a tool'
  return { input: `"input" ${message}`, tool: `"tool" ${message}` }
}

function usesOf(text: string): readonly VariableUse[] {
  const compiled = compileExpression(text)
  return compiled.ok ? compiled.expression.variables : []
}

function checkTool({ tool }: PolicyRule, tools: ReadonlySet<string>): readonly Finding[] {
  if (tool === undefined || tools.has(tool)) return []
  if (!tool.includes('*')) return [{ path: ['tool'], message: unknownName('tool', tool, tools) }]
  const parts = tool.split('*').map((part) => part.replaceAll(/\W/gu, '\\$&'))
  const compiled = compilePattern(`^${parts.join('.*')}$`)
  if (compiled.ok && [...tools].some((name) => compiled.pattern.test(name))) return []
  return [{ path: ['tool'], message: `${quote(tool)} covers no tool of this world` }]
}
